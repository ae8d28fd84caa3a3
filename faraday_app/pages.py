"""Roll-call of the pages."""

from faraday_app.contexts import page as assistant
from faraday_app.dashboard import page as home
from faraday_app.organizations import entrance

__all__ = ["assistant", "entrance", "home"]
