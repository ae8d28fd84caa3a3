"""What a browser may know of conversations, and how it is put into words."""

from dataclasses import dataclass
from uuid import UUID

from faraday_app.contexts.models import Author, Message, Part, Status
from faraday_app.contexts.rendering import to_html
from faraday_app.contexts.service.branches import Shown
from faraday_app.contexts.service.conversations import Conversation
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor
from faraday_app.credits.views import credits_text
from faraday_app.ui.session import initials_of, tone_of
from faraday_app.ui.times import ago


@dataclass(frozen=True, slots=True)
class ConversationView:
    id: str
    title: str
    meta: str
    answering: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message of the branch shown, the ``place``-th of ``count`` siblings; ``html`` is sanitised."""

    id: str
    from_model: bool
    mine: bool
    name: str
    initials: str
    tone: str
    html: str
    status: str
    problem: str
    meta: str
    place: int
    count: int
    previous: str
    following: str
    orchestration: str
    in_a_lane: bool


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


def message_view(shown: Shown, viewer_id: UUID) -> MessageView:
    message, place = shown.message, shown.place
    by_model = message.author == Author.model
    mine = message.author_id == viewer_id
    name = (
        (shown.author_name or message.model) if by_model else "You" if mine else shown.author_name or "A former member"
    )
    return MessageView(
        id=str(message.id),
        from_model=by_model,
        mine=mine,
        name=name,
        initials="" if by_model else initials_of(shown.author_name or "?"),
        tone="iris" if by_model else tone_of(message.author_id),
        html=to_html(message.content),
        status=message.status,
        problem=message.error,
        meta=answer_meta(message) if by_model else "",
        place=place,
        count=len(shown.siblings),
        previous=str(shown.siblings[place - 2]) if place > 1 else "",
        following=str(shown.siblings[place]) if place < len(shown.siblings) else "",
        orchestration=str(message.orchestration_id or shown.orchestration_id or ""),
        in_a_lane=by_model and message.part in (Part.answer, Part.draft) and message.orchestration_id is not None,
    )


def conversation_view(item: Conversation, actor: Actor, zone: str) -> ConversationView:
    parts = [ago(item.updated_at, now(), zone)]
    if item.owner_id != actor.user_id:
        parts.insert(0, item.owner_name)
    elif item.members > 1:
        parts.insert(0, f"shared with {item.members - 1}")
    return ConversationView(str(item.id), item.title, " · ".join(parts), item.answering)


def answer_meta(message: Message) -> str:
    """Tokens, cost and speed of an answer."""
    if message.status == Status.running or not message.answer_tokens:
        return ""
    parts = [f"{message.answer_tokens:,} tokens", f"{credits_text(message.cost)} credits"]
    if message.first_token_ms is not None:
        parts.append(f"{message.first_token_ms / 1000:.1f} s to first token")
    if message.status == Status.stopped:
        parts.append("stopped")
    return " · ".join(parts)
