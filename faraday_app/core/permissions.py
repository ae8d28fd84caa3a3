"""Who is acting, and what their role lets them do."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from faraday_app.core.authorization import (
    PLATFORM,
    Conditions,
    Decision,
    Effect,
    Resource,
    RoleRules,
    Rule,
    Subject,
    asks_for_address,
    decide,
    next_change,
    rights,
)
from faraday_app.core.budgets import Budget
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
    backups_manage = "backups:manage"
    classes_manage = "classes:manage"
    classes_oversee = "classes:oversee"
    classes_read = "classes:read"
    colleagues_read = "colleagues:read"
    coursework_manage = "coursework:manage"
    coursework_read = "coursework:read"
    coursework_submit = "coursework:submit"
    credits_grant = "credits:grant"
    credits_read = "credits:read"
    encryption_manage = "encryption:manage"
    gpts_manage = "gpts:manage"
    gpts_share = "gpts:share"
    gradebook_calculate = "gradebook:calculate"
    gradebook_manage = "gradebook:manage"
    gradebook_read = "gradebook:read"
    guardians_manage = "guardians:manage"
    home_read = "home:read"
    limits_manage = "limits:manage"
    materials_manage = "materials:manage"
    materials_read = "materials:read"
    memory_manage = "memory:manage"
    models_manage = "models:manage"
    models_read = "models:read"
    notifications_read = "notifications:read"
    oneroster_delete = "oneroster:delete"
    oneroster_read = "oneroster:read"
    oneroster_write = "oneroster:write"
    organizations_manage = "organizations:manage"
    people_invite = "people:invite"
    people_manage = "people:manage"
    people_read = "people:read"
    platform_read = "platform:read"
    presence_read = "presence:read"
    privacy_manage = "privacy:manage"
    records_read = "records:read"
    roles_manage = "roles:manage"
    roles_read = "roles:read"
    rosters_manage = "rosters:manage"
    security_manage = "security:manage"
    security_read = "security:read"
    sign_in_manage = "sign_in:manage"
    templates_manage = "templates:manage"
    templates_share = "templates:share"


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
        Permission.classes_read,
        Permission.colleagues_read,
        Permission.coursework_read,
        Permission.credits_read,
        Permission.gradebook_calculate,
        Permission.gradebook_read,
        Permission.home_read,
        Permission.materials_read,
        Permission.models_read,
        Permission.notifications_read,
        Permission.records_read,
    }
)
_STAFF = _EVERYONE | {
    Permission.api_keys_manage,
    Permission.gpts_manage,
    Permission.gpts_share,
    Permission.memory_manage,
    Permission.presence_read,
    Permission.templates_manage,
    Permission.templates_share,
}
_TEACHING = _STAFF | {
    Permission.classes_manage,
    Permission.coursework_manage,
    Permission.gradebook_manage,
    Permission.materials_manage,
    Permission.oneroster_delete,
    Permission.oneroster_read,
    Permission.oneroster_write,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.administrator: frozenset(each for each in Permission if each not in PLATFORM),
    Role.head: _TEACHING,
    Role.teacher: _TEACHING,
    Role.aide: _STAFF,
    Role.student: _EVERYONE | {Permission.coursework_submit, Permission.gpts_manage, Permission.templates_manage},
    Role.parent: _EVERYONE,
}
_UNDER_CONDITIONS = {
    Role.head: (Rule(Effect.allow, Permission.classes_oversee, Conditions(own_department=True)),),
}

BUILT_IN: dict[Role, RoleRules] = {
    role: RoleRules(
        role,
        role.label,
        (
            *(Rule(Effect.allow, each) for each in sorted(ROLE_PERMISSIONS[role])),
            *_UNDER_CONDITIONS.get(role, ()),
        ),
    )
    for role in Role
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
    subject: Subject | None = None
    depending: frozenset[Permission] = frozenset()
    scopes: frozenset[Permission] | None = None
    changes_at: datetime | None = None
    models: frozenset[str] = frozenset()  # that a key is restricted to; empty: any
    budgets: tuple[Budget, ...] = ()  # of the key, and of the key it was made with
    limit_per_minute: int | None = None
    burst: int | None = None
    expires_at: datetime | None = None  # of the API key
    lapses_at: datetime | None = None  # when the session ends if the person does nothing
    token_replaced: bool = False  # known by a token that a newer one has replaced: an open page connects again
    token_due: bool = False  # the session gets a new token at the next page load
    must_enrol: bool = False  # a second factor is overdue: until there is one, only their account is theirs to manage

    def may(self, permission: Permission, resource: Resource | None = None) -> bool:
        """Whether they may do this, to that where one is named. What depends on a thing needs one."""
        if permission not in self.permissions:
            return False
        if resource is None or self.subject is None:
            return permission not in self.depending
        return self.decide(permission, resource).allowed

    def could(self, permission: Permission) -> bool:
        """Whether they may do this at all, to something. Enough to show a page and to let an event pass."""
        return permission in self.permissions

    def must(self, permission: Permission, resource: Resource | None = None) -> None:
        if not self.may(permission, resource):
            raise NotPermitted(f"Your role does not allow this ({permission}). Ask an administrator.")

    def must_at_all(self, permission: Permission) -> None:
        """Before the thing is known; what depends on it is asked again with it."""
        if not self.could(permission):
            self.must(permission)

    def decide(self, permission: Permission, resource: Resource | None = None) -> Decision:
        """The resolver's answer at this moment, from this address. Only for persons."""
        assert self.subject
        return decide(self.subject, permission, resource, now(), self.address)

    def at(self, address: str) -> "Actor":
        """The same person at another address, with what they may there at this moment."""
        if self.subject is None or not asks_for_address(self.subject):
            return replace(self, address=address)
        return replace(self, address=address).resolved()

    def resolved(self) -> "Actor":
        """With what the rules give the subject now, narrowed to the scopes of the key where there is one."""
        if self.subject is None:
            return self
        moment = now()
        found = rights(self.subject, Permission, moment, self.address)
        granted = frozenset(Permission(each) for each in found.granted)
        return replace(
            self,
            permissions=granted if self.scopes is None else granted & self.scopes,
            depending=frozenset(Permission(each) for each in found.depending),
            changes_at=next_change(self.subject, moment),
        )

    def must_be_confirmed(self) -> None:
        """Before what is dangerous: the person has just shown again who they are. A key or Faraday itself cannot."""
        if self.is_system:
            return
        if self.confirmed_at is None or now() - self.confirmed_at > CONFIRMED_FOR:
            raise ConfirmationNeeded

    def must_use(self, model: str) -> None:
        """Before a model is asked: a key may be for some models only."""
        if self.models and model not in self.models:
            raise NotPermitted(f"This key may not use {model}, only {', '.join(sorted(self.models))}.")

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

    @property
    def is_staff(self) -> bool:
        """Whoever works at the school: not its students and parents."""
        return self.role is not None and self.role not in (Role.student, Role.parent)

    @classmethod
    def system(cls, organization_id: UUID | None = None) -> "Actor":
        """Faraday itself: set-up, sign-in and clean-up. Sees every organisation, has every permission."""
        return cls(None, organization_id, permissions=frozenset(Permission), name="Faraday")

    @property
    def is_system(self) -> bool:
        return self.user_id is None and bool(self.permissions)


GUEST = Actor(None, None)
