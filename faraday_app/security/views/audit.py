"""What the browser may know of the trail, and how it is said in plain words."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EventView:
    id: str
    when: str
    who: str
    initials: str
    tone: str
    what: str
    target: str
    address: str


_WORDS = {
    "api_key.created": "Created an API key",
    "api_key.revoked": "Revoked an API key",
    "backup_code.used": "Signed in with a backup code",
    "backup_codes.created": "Made new backup codes",
    "context.archived": "Archived a conversation",
    "context.branch_shown": "Showed another version of a conversation",
    "context.created": "Started a conversation",
    "context.exported": "Exported a conversation",
    "context.renamed": "Renamed a conversation",
    "context.restored": "Restored a conversation",
    "context.shared": "Shared a conversation",
    "context.withdrawn": "Stopped sharing a conversation",
    "credits.granted": "Granted credits",
    "credits.issued": "Added credits to the organisation",
    "department.created": "Created a department",
    "factor.added": "Added a second factor",
    "factor.removed": "Removed a second factor",
    "factor.reset": "Reset a person's second factors",
    "invitation.accepted": "Accepted an invitation",
    "invitation.created": "Invited somebody",
    "invitation.revoked": "Revoked an invitation",
    "membership.changed": "Changed a role or department",
    "membership.created": "Added a member",
    "membership.deactivated": "Deactivated a member",
    "membership.reactivated": "Reactivated a member",
    "organization.created": "Created the organisation",
    "run.started": "Asked the assistant",
    "run.stopped": "Stopped an answer",
    "session.confirmed": "Confirmed who they are",
    "session.ended": "Signed out",
    "session.not_confirmed": "Failed to confirm who they are",
    "session.opened": "Signed in",
    "session.refused": "Failed to sign in",
    "sign_in_policy.changed": "Changed who needs two-factor authentication",
    "user.created": "Created an account",
}


_THINGS = {
    "api_keys": "API key",  # pragma: allowlist secret
    "contexts": "Conversation",
    "credit_accounts": "Credits",
    "departments": "Department",
    "invitations": "Invitation",
    "memberships": "Member",
    "organizations": "Organisation",
    "runs": "Answer",
    "sign_in_policies": "Sign-in",
    "users": "Account",
}


def action_words(action: str) -> str:
    """What was done. An action without words of its own is read out: "report.sent" as "Report: sent"."""
    if words := _WORDS.get(action):
        return words
    thing, _, done = action.partition(".")
    return f"{thing.replace('_', ' ').capitalize()}: {done.replace('_', ' ')}" if done else thing.capitalize()


def actions_meant(text: str) -> tuple[str, ...]:
    """The actions whose words contain the text."""
    sought = text.strip().lower()
    return tuple(action for action, words in _WORDS.items() if sought and sought in words.lower())


def target_words(kind: str, id: UUID | None, details: dict[str, Any]) -> str:
    """To what it was done: its kind and its name where the event tells one, else the end of its id.

    Nothing for a session, which is named by who opened it.
    """
    if kind in ("", "sessions"):
        return ""
    named = details.get("name") or details.get("email") or (f"…{str(id)[-6:]}" if id else "")
    return f"{_THINGS.get(kind, kind.replace('_', ' ').capitalize())} {named}".strip()


def detail_lines(details: dict[str, Any], above: str = "") -> list[tuple[str, str]]:
    """Nested details as (name, value) lines: {"before": {"role": "aide"}} as ("Before: role", "aide")."""
    lines: list[tuple[str, str]] = []
    for key, value in sorted(details.items(), key=lambda item: item[0] == "after"):
        name = f"{above}: {key}" if above else key.capitalize()
        name = name.replace("_", " ")
        if isinstance(value, dict):
            lines += detail_lines(value, name)
        else:
            lines.append((name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)))
    return lines
