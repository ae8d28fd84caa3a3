"""What the pages of classes hold."""

from faraday_app.classes.state.listing import ClassesState
from faraday_app.classes.state.making import NewClassState

__all__ = ["ClassesState", "NewClassState"]
