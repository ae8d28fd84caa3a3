"""Where persons stand in the tables of accounts. They are erased with the account, not with one membership."""

from faraday_app.core.personal import Erasing, Place, declare

declare(
    Place(
        "users",
        "id",
        Erasing.blank,
        exported=True,
        blank={
            "email": "id || '@erased.invalid'",
            "name": "'Erased person'",
            "password_hash": "''",
            "email_verified_at": "null",
            "last_seen_at": "null",
            "time_zone": "'UTC'",
            "answer_language": "''",
            "platform_admin": "false",
        },
        secret=("password_hash",),
    ),
    Place("account_links", "user_id", Erasing.delete, why="Links with one use, known by their hashes."),
    Place("authenticator_apps", "user_id", Erasing.delete, why="A secret of the person's device."),
    Place("backup_codes", "user_id", Erasing.delete, why="Hashes of codes."),
    Place("passkeys", "user_id", Erasing.delete, exported=True, secret=("credential_id", "public_key", "sign_count")),
)
