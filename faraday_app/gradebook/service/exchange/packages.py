"""The gradebook's part in a package of a roster: ``classes.service.rosters.grading`` says what each is for."""

from faraday_app.gradebook.service.exchange.applying import apply
from faraday_app.gradebook.service.exchange.judging import judge
from faraday_app.gradebook.service.exchange.stored import stored
from faraday_app.gradebook.service.exchange.taking_back import take_back

__all__ = ["apply", "judge", "stored", "take_back"]
