"""Roll-call of the tables, for migrations and for tests of the catalogue."""

from faraday_app.accounts import models as accounts
from faraday_app.classes import models as classes
from faraday_app.contexts import models as contexts
from faraday_app.core.mail import models as mail
from faraday_app.core.vault import models as vault
from faraday_app.coursework import models as coursework
from faraday_app.credits import models as credits
from faraday_app.gateway import models as gateway
from faraday_app.gradebook import models as gradebook
from faraday_app.notifications import models as notifications
from faraday_app.organizations import models as organizations
from faraday_app.privacy import models as privacy
from faraday_app.security import models as security

__all__ = [
    "accounts",
    "classes",
    "contexts",
    "coursework",
    "credits",
    "gateway",
    "gradebook",
    "mail",
    "notifications",
    "organizations",
    "privacy",
    "security",
    "vault",
]
