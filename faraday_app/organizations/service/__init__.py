"""What other domains ask of organisations."""

from faraday_app.organizations.service import (
    assignments,
    decisions,
    federation,
    invitations,
    people,
    providers,
    recovery,
    rights_history,
    roles,
    safety,
    sign_in_policy,
    two_factor,
    what_if,
)
from faraday_app.organizations.service.identity import actor_of_key, actor_of_session, renewed_token
from faraday_app.organizations.service.sign_in import SecondFactorNeeded, sign_in, sign_in_with_passkey, sign_out
from faraday_app.organizations.service.structure import (
    WHEN_SET_UP,
    add_department,
    any_organization,
    create_organization,
    list_departments,
    set_up,
)

__all__ = [
    "WHEN_SET_UP",
    "SecondFactorNeeded",
    "actor_of_key",
    "actor_of_session",
    "add_department",
    "any_organization",
    "assignments",
    "create_organization",
    "decisions",
    "federation",
    "invitations",
    "list_departments",
    "people",
    "providers",
    "recovery",
    "renewed_token",
    "rights_history",
    "roles",
    "safety",
    "set_up",
    "sign_in",
    "sign_in_policy",
    "sign_in_with_passkey",
    "sign_out",
    "two_factor",
    "what_if",
]
