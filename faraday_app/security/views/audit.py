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
    outcome: str
    outcome_tone: str


_WORDS = {
    "access.refused": "Was refused access",
    "account.language_chosen": "Chose their language of answers",
    "address.blocked": "Blocked an address automatically",
    "address.released": "Released a blocked address",
    "address_policy.changed": "Changed who may call from allowed addresses only",
    "address_rule.added": "Added a rule about addresses",
    "address_rule.enforced": "Enforced a rule about addresses",
    "address_rule.removed": "Removed a rule about addresses",
    "address_rule.shadowed": "Put a rule about addresses in shadow",
    "api_key.created": "Created an API key",
    "api_key.revoked": "Revoked an API key",
    "api_key.rotated": "Rotated an API key",
    "api_key.seen": "Used an API key from a new country",
    "audit.exported": "Exported the audit trail",
    "audit_search.kept": "Kept a search of the audit trail",
    "audit_search.removed": "Removed a search of the audit trail",
    "backup.begun": "Asked for a backup",
    "backup.failed": "Failed to make a backup",
    "backup.made": "Made a backup and found it good",
    "backup.removed": "Removed an old backup",
    "backup.scheduled": "Changed when backups are made",
    "backup_code.used": "Used a backup code",
    "backup_codes.created": "Made new backup codes",
    "context.answerers_changed": "Changed who answers in a conversation",
    "context.archived": "Archived a conversation",
    "context.best_kept": "Kept the best of several answers",
    "context.branch_shown": "Showed another version of a conversation",
    "context.created": "Started a conversation",
    "context.exported": "Exported a conversation",
    "context.language_chosen": "Chose the language of answers",
    "context.left_out": "Left something out of what models are given",
    "context.forked": "Forked a conversation",
    "context.message_pinned": "Pinned a message",
    "context.message_unpinned": "Unpinned a message",
    "context.model_chosen": "Chose the model of a conversation",
    "context.renamed": "Renamed a conversation",
    "context.restored": "Restored a conversation",
    "context.shared": "Shared a conversation",
    "context.summarised": "Had old turns of a conversation summarised",
    "context.taken_in": "Took something in again for models",
    "context.withdrawn": "Stopped sharing a conversation",
    "credits.expired": "Gave back credits that lay aside too long",
    "credits.granted": "Granted credits",
    "credits.held": "Set credits aside for an answer",
    "credits.issued": "Added credits to the organisation",
    "credits.released": "Gave back credits that were set aside",
    "credits.settled": "Charged an answer",
    "data.added": "Added data to a conversation",
    "data.changed": "Changed data of a conversation",
    "data.left_out": "Left data of a conversation out of its answers",
    "data.read": "Had the page of a link read",
    "data.removed": "Removed data from a conversation",
    "data.restored": "Brought back data of a conversation",
    "data.set_back": "Set the data of a conversation back",
    "data.taken_in": "Took data of a conversation into its answers again",
    "department.created": "Created a department",
    "encryption.erased": "Erased the encryption keys",
    "encryption.rotated": "Rotated the encryption key",
    "factor.added": "Added a second factor",
    "factor.removed": "Removed a second factor",
    "factor.reset": "Reset a person's second factors",
    "files.sweep_refused": "Left files alone whose rows are missing",
    "files.swept": "Removed files that nothing speaks of",
    "gateway.asked": "Asked a model over the API",
    "gpt.archived": "Archived a GPT",
    "gpt.changed": "Changed a GPT",
    "gpt.created": "Made a GPT",
    "gpt.exported": "Exported a GPT as a pack",
    "gpt.gets_active": "Gave a GPT something of another",
    "gpt.gets_declined": "Declined what a GPT was offered of another",
    "gpt.gets_ended": "Ended what a GPT gets of another",
    "gpt.gets_offered": "Offered a GPT something of another",
    "gpt.gets_renewed": "Renewed what a GPT gets of another",
    "gpt.gives_active": "Had a GPT give to another",
    "gpt.gives_declined": "Declined what a GPT would give to another",
    "gpt.gives_ended": "Ended what a GPT gives to another",
    "gpt.gives_offered": "Offered something of a GPT to another",
    "gpt.gives_renewed": "Renewed what a GPT gives to another",
    "gpt.imported": "Brought in a GPT from a pack",
    "gpt.restored": "Restored a GPT",
    "identity.connected": "Connected an account elsewhere",
    "identity.disconnected": "Disconnected an account elsewhere",
    "identity_provider.added": "Added an identity provider",
    "identity_provider.changed": "Changed an identity provider",
    "identity_provider.disabled": "Disabled an identity provider",
    "identity_provider.enabled": "Enabled an identity provider",
    "identity_provider.removed": "Removed an identity provider",
    "import.begun": "Sent a file of conversations",
    "import.failed": "Failed to read a file of conversations",
    "import.finished": "Imported conversations",
    "incident.alert_linked": "Added an alert to an incident",
    "incident.changed": "Changed an incident",
    "incident.note_added": "Added a note to an incident",
    "incident.opened": "Opened an incident",
    "invitation.accepted": "Accepted an invitation",
    "invitation.created": "Invited somebody",
    "invitation.refused": "Failed to join with an invitation",
    "invitation.renewed": "Renewed an invitation",
    "invitation.revoked": "Revoked an invitation",
    "knowledge.added": "Added a file to what a GPT knows",
    "knowledge.removed": "Removed a file from what a GPT knows",
    "limit.removed": "Removed an exception from a limit",
    "limit.set": "Set an exception from a limit",
    "limits.relaxed": "Relaxed the limits after an overload",
    "limits.tightened": "Tightened the limits under load",
    "membership.changed": "Changed a role or department",
    "membership.created": "Added a member",
    "membership.deactivated": "Deactivated a member",
    "membership.reactivated": "Reactivated a member",
    "membership.signed_out": "Signed a member out everywhere",
    "memory.all_forgotten": "Had everything about themselves forgotten",
    "memory.approved": "Approved what a GPT would remember",
    "memory.brought_back": "Brought back something forgotten",
    "memory.changed": "Changed something remembered",
    "memory.dismissed": "Dismissed what a GPT would remember",
    "memory.forgotten": "Forgot something",
    "memory.kept": "Had something remembered",
    "memory.proposals_off": "Stopped GPTs proposing memories",
    "memory.proposals_on": "Let GPTs propose memories",
    "memory.proposed": "Was proposed something to remember",
    "model.added": "Added a model",
    "model.changed": "Changed a model",
    "model.deployment_added": "Added a place where a model is asked for",
    "model.deployment_changed": "Changed where a model is asked for",
    "model.deployment_removed": "Removed a place where a model was asked for",
    "model.disabled": "Disabled a model",
    "model.enabled": "Enabled a model",
    "model.price_removed": "Removed a price that was to come",
    "model.price_set": "Set the price of a model",
    "model.removed": "Removed a model",
    "model_provider.added": "Added a model provider",
    "model_provider.changed": "Changed a model provider",
    "model_provider.disabled": "Disabled a model provider",
    "model_provider.enabled": "Enabled a model provider",
    "model_provider.key_added": "Added a key of a model provider",
    "model_provider.key_disabled": "Disabled a key of a model provider",
    "model_provider.key_enabled": "Enabled a key of a model provider",
    "model_provider.key_removed": "Removed a key of a model provider",
    "model_provider.removed": "Removed a model provider",
    "notes.changed": "Changed the notes of a conversation",
    "orchestration.started": "Asked several GPTs",
    "orchestration.stopped": "Stopped several GPTs",
    "organization.created": "Created the organisation",
    "password.changed": "Changed their password",
    "password.reset": "Reset a password",
    "password.reset_asked": "Asked for a password reset",
    "password.reset_link_made": "Made a password reset link",
    "platform.admin_appointed": "Made a platform administrator",
    "platform.admin_withdrawn": "Ended somebody being a platform administrator",
    "platform.administrator_invited": "Invited an organisation’s first administrator again",
    "platform.organization_founded": "Founded an organisation",
    "record.seen": "Looked at a person's record",
    "restore.called_off": "Called off bringing a backup back",
    "restore.compared": "Compared a backup with what is there",
    "restore.confirmed": "Confirmed bringing a backup back",
    "restore.done": "Brought a backup back",
    "restore.failed": "Failed to bring a backup back",
    "role.assigned": "Gave somebody a role",
    "role.changed": "Changed a role",
    "role.created": "Created a role",
    "role.deleted": "Deleted a role",
    "role.term_changed": "Changed how long somebody has a role",
    "role.withdrawn": "Took a role from somebody",
    "routing_policy.changed": "Changed how models are chosen",
    "rules.changed": "Changed what somebody may",
    "run.retried": "Asked one of several GPTs again",
    "run.started": "Asked the assistant",
    "run.stopped": "Stopped an answer",
    "security_settings.changed": "Changed when people are alerted",
    "session.confirmed": "Confirmed who they are",
    "session.ended": "Signed out",
    "session.not_confirmed": "Failed to confirm who they are",
    "session.opened": "Signed in",
    "session.others_revoked": "Signed out all other devices",
    "session.refused": "Failed to sign in",
    "session.replayed": "Came with a session cookie that had been replaced",
    "session.revoked": "Signed out a device",
    "sign_in_policy.changed": "Changed who needs two-factor authentication",
    "template.archived": "Archived a template",
    "template.changed": "Changed a template",
    "template.copied": "Copied a template",
    "template.created": "Made a template",
    "template.exported": "Exported templates",
    "template.restored": "Restored a template",
    "template.shared": "Changed who a template is for",
    "template.trial_ended": "Chose a version of a template",
    "template.trial_started": "Began to compare two versions of a template",
    "template.version_restored": "Brought back a version of a template",
    "user.created": "Created an account",
    "user.email_change_asked": "Asked for another e-mail address",
    "user.email_verified": "Confirmed an e-mail address",
    "version.branched": "Branched off a version",
    "version.labelled": "Labelled a version",
    "version.restored": "Restored a version",
    "usage.exported": "Exported how the assistant was used",
}


THINGS = {
    "address_rules": "Address",
    "api_keys": "API key",  # pragma: allowlist secret
    "audit_searches": "Saved search",
    "backup_schedules": "Backups",
    "backups": "Backup",
    "contexts": "Conversation",
    "credit_accounts": "Credits",
    "data_keys": "Encryption key",
    "departments": "Department",
    "gpts": "GPT",
    "turn_summaries": "Summary of old turns",
    "identity_providers": "Identity provider",
    "imports": "File of conversations",
    "incidents": "Incident",
    "invitations": "Invitation",
    "linked_identities": "Account of",
    "memberships": "Member",
    "memories": "Memory",
    "model_providers": "Model provider",
    "models": "Model",
    "orchestrations": "Question to several GPTs",
    "organizations": "Organisation",
    "rate_limit_overrides": "Limit",
    "restores": "Restore",
    "role_assignments": "Member",
    "roles": "Role",
    "route_receipts": "Answer",
    "routing_policies": "Routing",
    "runs": "Answer",
    "security_settings": "Alerts",
    "sign_in_policies": "Sign-in",
    "templates": "Template",
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
    return f"{thing_words(kind)} {named}".strip()


def thing_words(kind: str) -> str:
    """A kind of target, by itself."""
    return THINGS.get(kind, kind.replace("_", " ").capitalize())
