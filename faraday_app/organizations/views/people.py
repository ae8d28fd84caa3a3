"""What the browser may know of people, invitations and the ways to sign in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonView:
    id: str
    name: str
    email: str
    initials: str
    tone: str
    role: str
    department: str
    seen: str
    here: bool
    active: bool
    me: bool
    by_hand: bool  # no e-mail can be sent: links are handed over
    two_factor: str
    two_factor_tone: str


@dataclass(frozen=True, slots=True)
class InvitationView:
    id: str
    email: str
    terms: str
    resend: bool
