"""What a form or a filter may send, and what it means."""

from uuid import UUID

from faraday_app.core.errors import Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Role

ROLES = [(role.value, role.label) for role in Role]
STATUSES = {"active": True, "deactivated": False}


def parse_role(value: object) -> Role:
    try:
        return Role(str(value))
    except ValueError:
        raise Invalid("Choose a role.", field="role") from None


def parse_department(value: object) -> UUID | None:
    """No department is a choice too."""
    return parse_id(value) if value else None
