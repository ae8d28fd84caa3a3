"""Who is acting, and what their role lets them do."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from faraday_app.core.errors import NotPermitted


class Permission(StrEnum):
    """What can be done, as ``resource:action``. Sorted."""

    api_keys_manage = "api_keys:manage"
    assistant_use = "assistant:use"
    audit_read = "audit:read"
    colleagues_read = "colleagues:read"
    credits_grant = "credits:grant"
    credits_read = "credits:read"
    home_read = "home:read"
    people_invite = "people:invite"
    people_manage = "people:manage"
    people_read = "people:read"
    presence_read = "presence:read"


class Role(StrEnum):
    administrator = "administrator"
    head = "head"
    teacher = "teacher"
    aide = "aide"
    student = "student"
    parent = "parent"

    @property
    def label(self) -> str:
        return "Department head" if self is Role.head else self.value.capitalize()


_EVERYONE = frozenset(
    {Permission.assistant_use, Permission.colleagues_read, Permission.credits_read, Permission.home_read}
)
_STAFF = _EVERYONE | {Permission.api_keys_manage, Permission.presence_read}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.administrator: frozenset(Permission),
    Role.head: _STAFF,
    Role.teacher: _STAFF,
    Role.aide: _STAFF,
    Role.student: _EVERYONE,
    Role.parent: _EVERYONE,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, API key or system on whose behalf something happens, with the rights of this moment."""

    user_id: UUID | None
    organization_id: UUID | None
    role: Role | None = None
    permissions: frozenset[Permission] = frozenset()
    department_id: UUID | None = None
    name: str = ""
    email: str = ""
    department: str = ""
    organization_name: str = ""
    session_id: UUID | None = None
    api_key_id: UUID | None = None
    address: str = ""

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        if not self.may(permission):
            raise NotPermitted(f"Your role does not allow this ({permission}). Ask an administrator.")

    @property
    def user(self) -> UUID:
        """The person's id; refuses for the system and for guests, who are nobody."""
        if self.user_id is None:
            raise NotPermitted
        return self.user_id

    @property
    def organization(self) -> UUID:
        if self.organization_id is None:
            raise NotPermitted
        return self.organization_id

    @classmethod
    def system(cls, organization_id: UUID | None = None) -> "Actor":
        """Faraday itself: set-up, sign-in and clean-up. Sees every organisation, has every permission."""
        return cls(None, organization_id, permissions=frozenset(Permission), name="Faraday")

    @property
    def is_system(self) -> bool:
        return self.user_id is None and bool(self.permissions)


GUEST = Actor(None, None)
