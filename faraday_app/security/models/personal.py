"""Where persons stand in the tables of security."""

from faraday_app.core.personal import Erasing, Place, declare

_PROOF = "The trail is append-only and proves itself; it goes with the organisation."
_WORK = "The work of those who keep the school safe."

declare(
    Place(
        "api_keys",
        "user_id",
        Erasing.blank,
        exported=True,
        blank={"name": "''", "last_used_address": "''", "revoked_at": "coalesce(revoked_at, now())"},
        secret=("key_hash", "old_key_hash"),
    ),
    Place("audit_events", "actor_id", Erasing.keep, exported=True, why=_PROOF),
    Place("audit_searches", "owner_id", Erasing.delete, exported=True),
    Place("devices", "user_id", Erasing.delete, exported=True, secret=("token_hash",)),
    Place("incidents", "opened_by", Erasing.keep, why=_WORK),
    Place("incidents", "assignee_id", Erasing.keep, why=_WORK),
    Place("incident_notes", "author_id", Erasing.keep, why=_WORK),
    Place("rate_limit_overrides", "created_by", Erasing.keep, why="Who set a limit, not about them."),
    Place("record_views", "viewer_id", Erasing.delete, why="The trail tells who looked."),
    Place("record_views", "subject_id", Erasing.delete, why="The trail tells who looked."),
    Place("security_alerts", "subject_id", Erasing.keep, why=_WORK),
    Place("sessions", "user_id", Erasing.delete, exported=True, secret=("token_hash", "former_hash", "fingerprint")),
    Place("sign_in_tickets", "user_id", Erasing.delete, why="Between two steps of one sign-in."),
)
