"""What a browser may know of conversations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConversationView:
    id: str
    title: str
    meta: str
    shared: bool
    answering: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message of the branch shown. ``place`` of ``count`` siblings; ``html`` is sanitised."""

    id: str
    from_model: bool
    name: str
    initials: str
    tone: str
    text: str
    html: str
    status: str
    problem: str
    meta: str
    cost: str
    place: int
    count: int
    mine: bool


@dataclass(frozen=True, slots=True)
class MemberView:
    user_id: str
    name: str
    initials: str
    tone: str
    access: str
    here: bool
    me: bool


@dataclass(frozen=True, slots=True)
class ColleagueView:
    user_id: str
    name: str
    detail: str
    initials: str
    tone: str
