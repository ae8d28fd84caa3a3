"""What the browser may know of roles, and how permissions are said in plain words."""

from dataclasses import dataclass

from faraday_app.core.permissions import Permission, Role


@dataclass(frozen=True, slots=True)
class RoleView:
    id: str
    name: str
    description: str
    built_in: bool
    people: str
    permissions: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A line of the editor. ``head`` opens a group; ``inherited`` says what comes from above."""

    pattern: str
    head: str
    words: str
    inherited: str
    effect: str
    limits: str


@dataclass(frozen=True, slots=True)
class HolderView:
    id: str
    name: str
    initials: str
    tone: str
    until: str
    over: bool


@dataclass(frozen=True, slots=True)
class HeldView:
    """A role that somebody has."""

    id: str
    name: str
    until: str
    over: bool


@dataclass(frozen=True, slots=True)
class DifferenceView:
    id: str
    name: str
    initials: str
    tone: str
    gains: str
    losses: str


@dataclass(frozen=True, slots=True)
class CandidateView:
    id: str
    name: str
    about: str
    initials: str
    tone: str


@dataclass(frozen=True, slots=True)
class StepView:
    id: str
    source: str
    says: str
    why: str
    matched: bool


NOBODY = CandidateView("", "", "", "", "")

_WORDS = {
    Permission.account_manage: "Manage one’s own account",
    Permission.addresses_manage: "Decide which addresses may sign in",
    Permission.api_keys_manage: "Manage one’s own API keys",  # pragma: allowlist secret
    Permission.assistant_use: "Use the assistant",
    Permission.audit_export: "Export the audit trail",
    Permission.audit_read: "Read the audit trail",
    Permission.backups_manage: "Make backups and bring them back",
    Permission.classes_manage: "Make classes, and say who is in those one teaches",
    Permission.classes_oversee: "See and run classes that others teach",
    Permission.classes_read: "See one’s classes",
    Permission.colleagues_read: "Find colleagues",
    Permission.coursework_manage: "Set assignments in the classes one teaches",
    Permission.coursework_read: "See the assignments of one’s classes",
    Permission.coursework_submit: "Hand in work",
    Permission.credits_grant: "Grant credits",
    Permission.credits_read: "See credits",
    Permission.encryption_manage: "Manage encryption keys",
    Permission.gpts_manage: "Make GPTs of one’s own",
    Permission.gpts_share: "Share one’s GPTs with the organisation",
    Permission.gradebook_calculate: "Calculate grades that are sent along",
    Permission.gradebook_manage: "Grade in the classes one teaches",
    Permission.gradebook_read: "See the grades that are one’s to see",
    Permission.guardians_manage: "Say whose parent somebody is",
    Permission.home_read: "See the home page",
    Permission.limits_manage: "Manage limits",
    Permission.materials_manage: "Put up materials in the classes one teaches",
    Permission.materials_read: "See the materials of one’s classes",
    Permission.memory_manage: "Keep what one’s department remembers",
    Permission.models_manage: "Manage models, their providers and routing",
    Permission.models_read: "See the models there are",
    Permission.notifications_read: "Read one’s own notifications",
    Permission.oneroster_delete: "Remove line items and results over OneRoster",
    Permission.oneroster_read: "Read the gradebook over OneRoster",
    Permission.oneroster_write: "Send line items and results over OneRoster",
    Permission.organizations_manage: "Manage organisations",
    Permission.people_invite: "Invite people",
    Permission.people_manage: "Change and deactivate people",
    Permission.people_read: "See people",
    Permission.platform_read: "See the whole installation",
    Permission.presence_read: "See who is online",
    Permission.privacy_manage: "Decide how long records are kept, export and erase people",
    Permission.records_read: "See and take out what is kept about oneself and one’s children",
    Permission.roles_manage: "Change roles and give them",
    Permission.roles_read: "See roles and why something is allowed",
    Permission.rosters_manage: "Manage terms, bring in and export rosters",
    Permission.security_manage: "Manage security",
    Permission.security_read: "See the security centre",
    Permission.sign_in_manage: "Decide how people sign in",
    Permission.templates_manage: "Make templates of one’s own",
    Permission.templates_share: "Share one’s templates with others",
}
BUILT_IN_WORDS = {
    Role.administrator: "Everything in the organisation",
    Role.head: "Staff who lead a department",
    Role.teacher: "Staff who teach",
    Role.aide: "Staff who help in classes",
    Role.student: "Those who learn here",
    Role.parent: "Those whose children learn here",
}
_GROUPS = {"api_keys": "API keys", "gpts": "GPTs", "sign_in": "Sign-in"}  # pragma: allowlist secret


def permission_words(permission: str) -> str:
    """What a permission lets one do; one without words of its own is read out."""
    found = _WORDS.get(Permission(permission)) if permission in set(Permission) else None
    resource, _, action = permission.partition(":")
    return found or f"{action.replace('_', ' ').capitalize()} {resource.replace('_', ' ')}"


def group_words(resource: str) -> str:
    return _GROUPS.get(resource, resource.replace("_", " ").capitalize())


def pattern_words(pattern: str) -> str:
    """Also of all permissions of a thing, and of all there are."""
    if pattern == "*":
        return "Everything in the organisation"
    resource, _, action = pattern.partition(":")
    return f"Everything about {group_words(resource).lower()}" if action == "*" else permission_words(pattern)
