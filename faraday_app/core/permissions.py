"""Who is acting, and what their role lets them do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from faraday_app.core.clock import now
from faraday_app.core.errors import ConfirmationNeeded, NotPermitted

CONFIRMED_FOR = timedelta(minutes=10)


class Permission(StrEnum):
    """What can be done, as ``resource:action``. Sorted."""

    account_manage = "account:manage"
    addresses_manage = "addresses:manage"
    api_keys_manage = "api_keys:manage"
    assistant_use = "assistant:use"
    audit_export = "audit:export"
    audit_read = "audit:read"
    colleagues_read = "colleagues:read"
    credits_grant = "credits:grant"
    credits_read = "credits:read"
    encryption_manage = "encryption:manage"
    home_read = "home:read"
    limits_manage = "limits:manage"
    notifications_read = "notifications:read"
    people_invite = "people:invite"
    people_manage = "people:manage"
    people_read = "people:read"
    presence_read = "presence:read"
    roles_manage = "roles:manage"
    roles_read = "roles:read"
    security_manage = "security:manage"
    security_read = "security:read"
    sign_in_manage = "sign_in:manage"


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
    {
        Permission.account_manage,
        Permission.assistant_use,
        Permission.colleagues_read,
        Permission.credits_read,
        Permission.home_read,
        Permission.notifications_read,
    }
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
    confirmed_at: datetime | None = None
    must_enrol: bool = False  # a second factor is overdue: until there is one, only their account is theirs to manage

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        if not self.may(permission):
            raise NotPermitted(f"Your role does not allow this ({permission}). Ask an administrator.")

    def must_be_confirmed(self) -> None:
        """Before what is dangerous: the person has just shown again who they are. A key or Faraday itself cannot."""
        if self.is_system:
            return
        if self.confirmed_at is None or now() - self.confirmed_at > CONFIRMED_FOR:
            raise ConfirmationNeeded

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
