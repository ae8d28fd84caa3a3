"""What the browser may know of a person's account, and how it is said."""

from dataclasses import dataclass

# Said before anybody types one.
GOOD_PASSWORD = "At least 10 characters and hard to guess: a few unusual words do."  # noqa: S105  # pragma: allowlist secret

# What the account page says of a code in its address.
DONE = {
    "email": "We sent a link to the new address. It becomes yours when you open it.",
    "password": "Your password is changed, and all your other sessions are ended.",  # pragma: allowlist secret
    "verify": "We sent a link to your address. Open it to confirm.",
}


@dataclass(frozen=True, slots=True)
class PasskeyView:
    id: str
    name: str
    terms: str
