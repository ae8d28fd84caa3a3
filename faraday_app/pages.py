"""Roll-call of the pages."""

from faraday_app.accounts import page as account
from faraday_app.classes import page as classes
from faraday_app.contexts import page as assistant
from faraday_app.coursework import page as coursework
from faraday_app.credits import page as credits
from faraday_app.dashboard import page as home
from faraday_app.gateway import page as models
from faraday_app.gradebook import page as gradebook
from faraday_app.notifications import page as notifications
from faraday_app.organizations import entrance, recovery
from faraday_app.organizations import page as people
from faraday_app.platform import page as platform
from faraday_app.privacy import page as privacy
from faraday_app.security import page as security

__all__ = [
    "account",
    "assistant",
    "classes",
    "coursework",
    "credits",
    "entrance",
    "gradebook",
    "home",
    "models",
    "notifications",
    "people",
    "platform",
    "privacy",
    "recovery",
    "security",
]
