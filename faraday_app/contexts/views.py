"""What a browser may know of conversations, and how it is put into words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from faraday_app.contexts.models import Author, Message, Part, Status
from faraday_app.contexts.service.branches import Shown
from faraday_app.contexts.service.conversations import Conversation
from faraday_app.contexts.tool_views import ToolUseView, tool_views
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.rendering import to_html
from faraday_app.credits.views import credits_text
from faraday_app.gateway.service import AUTO, Model, Way
from faraday_app.gateway.views.receipts import went_on
from faraday_app.ui.session import initials_of, tone_of
from faraday_app.ui.times import ago

MOST_CHOICES = 90


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
    went_on: str = ""
    explained: bool = False
    judgeable: bool = False
    orchestration: str = ""
    in_a_lane: bool = False
    tools: list[ToolUseView] = field(default_factory=list)


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


def message_view(shown: Shown, viewer: Actor, way: Way | None = None) -> MessageView:
    """``way``: how the answer came about, where there is an account of it."""
    message, place, viewer_id = shown.message, shown.place, viewer.user
    by_model = message.author == Author.model
    mine = message.author_id == viewer_id
    name = _answerer(shown) if by_model else "You" if mine else shown.author_name or "A former member"
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
        went_on=went_on(way),
        explained=way is not None and (way.user_id == viewer_id or viewer.may(Permission.models_manage)),
        judgeable=way is not None and by_model and bool(message.content),
        tools=tool_views(message),
        orchestration=str(message.orchestration_id or shown.orchestration_id or ""),
        in_a_lane=by_model and message.part in (Part.answer, Part.draft) and message.orchestration_id is not None,
    )


def model_choices(usable: Sequence[Model], chosen: str) -> list[tuple[str, str]]:
    """What a person can choose from, by name and label. A chosen model that is gone stays, so that it can be seen."""
    choices = [(model.name, model.label) for model in usable[:MOST_CHOICES]]
    if len(usable) > 1 or chosen == AUTO:
        choices.insert(0, (AUTO, "Auto: chosen for each question"))
    if chosen not in {name for name, _ in choices}:
        choices.append((chosen, f"{chosen}: cannot be used"))
    return choices


def conversation_view(item: Conversation, actor: Actor, zone: str) -> ConversationView:
    parts = [ago(item.updated_at, now(), zone)]
    if item.owner_id != actor.user_id:
        parts.insert(0, item.owner_name)
    elif item.members > 1:
        parts.insert(0, f"shared with {item.members - 1}")
    return ConversationView(str(item.id), item.title, " · ".join(parts), item.answering)


def _answerer(shown: Shown) -> str:
    """A GPT by its name, else the model; while the policy is still choosing, nobody's yet."""
    return shown.author_name or ("Auto" if shown.message.model == AUTO else shown.message.model)


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
