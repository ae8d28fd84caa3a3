"""What an administrator enters of an identity provider, and that they have just shown who they are."""

from dataclasses import replace
from typing import Any

from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.service.providers import Terms
from tests.factories.issuer import CLIENT_ID, SECRET, Issuer


def confirmed(actor: Actor) -> Actor:
    return replace(actor, confirmed_at=now())


def terms(issuer: Issuer | str, /, **changes: Any) -> Terms:
    name = issuer if isinstance(issuer, str) else issuer.name
    return replace(
        Terms("School account", name, CLIENT_ID, SECRET, domains=("test.example",), role=Role.student), **changes
    )
