"""What the browser may know of API keys."""

from dataclasses import dataclass

from faraday_app.core.permissions import Permission


@dataclass(frozen=True, slots=True)
class KeyView:
    id: str
    name: str
    prefix: str
    scopes: list[str]
    used: str
    expires: str
    expired: bool


# What a key can be made for. Permissions of pages that the HTTP API does not have are left out.
SCOPES = {
    Permission.api_keys_manage: "Manage your API keys",  # pragma: allowlist secret
    Permission.assistant_use: "Use the assistant",
    Permission.audit_read: "Read the audit trail",
    Permission.colleagues_read: "Find colleagues",
    Permission.credits_grant: "Grant credits",
    Permission.credits_read: "See credits",
    Permission.notifications_read: "Read your notifications",
    Permission.people_invite: "Invite people",
    Permission.people_manage: "Change and deactivate people",
    Permission.people_read: "See people",
    Permission.presence_read: "See who is online",
}
