"""Where persons stand in the tables of organisations."""

from faraday_app.core.personal import Erasing, Place, declare

declare(
    Place(
        "memberships",
        "user_id",
        Erasing.blank,
        exported=True,
        blank={"deactivated_at": "coalesce(deactivated_at, now())", "department_id": "null"},
    ),
    Place("invitations", "invited_by", Erasing.keep, why="Who invited somebody else."),
    Place("linked_identities", "user_id", Erasing.delete, exported=True),
    Place("role_assignments", "user_id", Erasing.delete, exported=True),
    Place("role_assignments", "given_by", Erasing.keep, why="Who gave a role to somebody else."),
    Place("role_rules", "user_id", Erasing.delete, exported=True),
)
