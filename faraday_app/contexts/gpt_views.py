"""What a browser may know of GPTs and of what they say side by side, and how it is put into words."""

from dataclasses import dataclass

from faraday_app.contexts.models import Gpt, MemoryRights, Message, Mode, Orchestration, Part, Status
from faraday_app.contexts.orchestration.plans import ROUNDS, Question, Task, tasks_of, voted
from faraday_app.contexts.service.gpts import Listed, may_change
from faraday_app.contexts.service.lanes import Lanes
from faraday_app.contexts.service.quoting import LETTERS
from faraday_app.contexts.tool_views import ToolUseView, tool_views
from faraday_app.contexts.views import answer_meta
from faraday_app.core.permissions import Actor
from faraday_app.core.rendering import to_html


@dataclass(frozen=True, slots=True)
class GptView:
    id: str
    name: str
    icon: str
    tone: str
    about: str = ""
    model: str = ""
    shared: bool = False
    mine: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True)
class PartView:
    """What a GPT said in one step; ``html`` is sanitised. ``keeps``: it can be kept, ``kept``: it is."""

    id: str
    label: str
    status: str
    html: str
    problem: str
    meta: str
    keeps: bool
    kept: bool
    retries: bool
    tools: list[ToolUseView]


@dataclass(frozen=True, slots=True)
class LaneView:
    id: str
    name: str
    icon: str
    tone: str
    waits: str
    parts: list[PartView]


def gpt_view(found: Listed, actor: Actor) -> GptView:
    gpt = found.gpt
    mine = may_change(actor, gpt)
    whose = "Yours" if gpt.owner_id == actor.user_id else f"By {found.owner_name or 'a former member'}"
    return GptView(
        str(gpt.id), gpt.name, gpt.icon, gpt.tone, whose, model_words(gpt.model), gpt.shared, mine,
        gpt.archived_at is not None,
    )  # fmt: skip


def chip_view(gpt: Gpt) -> GptView:
    return GptView(str(gpt.id), gpt.name, gpt.icon, gpt.tone)


def model_words(model: str) -> str:
    return "Chosen for each question" if model == "auto" else model


def lane_views(found: Lanes) -> list[LaneView]:
    """A lane for each GPT; none where only the answer below was asked for."""
    parts = [part for part in found.parts if is_in_a_lane(part)]
    return [
        LaneView(
            str(lane),
            gpt.name,
            gpt.icon,
            gpt.tone,
            _waits(found.orchestration, [part for part in found.parts if part.lane == lane]),
            [_part(part, found) for part in parts if part.lane == lane],
        )
        for lane, gpt in enumerate(found.gpts if parts else [])
    ]


def is_in_a_lane(message: Message) -> bool:
    """Whether it stands beside the others; what they come to stands below."""
    if message.orchestration_id is None or message.part in (Part.final, Part.route):
        return False
    return not (message.part == Part.judge and message.step > ROUNDS)


def _waits(orchestration: Orchestration, said: list[Message]) -> str:
    said = [part for part in said if part.part != Part.route]
    if any(not is_in_a_lane(part) for part in said) and not any(is_in_a_lane(part) for part in said):
        return "Gives the answer below."
    if said:
        return ""
    return "Waiting for its turn." if orchestration.finished_at is None else "Was not asked."


def _part(part: Message, found: Lanes) -> PartView:
    over = found.orchestration.finished_at is not None
    is_vote = part.part == Part.judge
    says = "" if is_vote else _plan(found) if part.part == Part.plan else part.content
    kept = found.orchestration.shown_id == part.id
    return PartView(
        id=str(part.id),
        label=_label(part, found),
        status=part.status,
        html=to_html(says),
        problem=part.error,
        meta=answer_meta(part),
        keeps=over
        and not kept
        and part.part in (Part.answer, Part.draft)
        and bool(part.content)
        and found.access.may_write,
        kept=over and kept,
        retries=over and part.status in (Status.failed, Status.stopped) and found.access.may_write,
        tools=tool_views(part),
    )


def _label(part: Message, found: Lanes) -> str:
    mode = found.orchestration.mode
    if part.part == Part.judge:
        letter = voted(part.content)
        if not letter or LETTERS.index(letter) >= len(found.gpts):
            return "Votes" if part.status == Status.running else "No vote"
        return f"Votes for {found.gpts[LETTERS.index(letter)].name}"
    if mode == Mode.delegate:
        return "Plan" if part.part == Part.plan else _handed(part, found)
    return f"Round {part.step}" if mode == Mode.debate else f"Step {part.step}" if mode == Mode.chain else ""


MEMORY_RIGHTS = [(each.value, each.label) for each in MemoryRights]


def modes() -> list[tuple[str, str]]:
    return [(mode.value, mode.label) for mode in Mode]


def _tasks(found: Lanes) -> tuple[Task, ...]:
    plan = next((part.content for part in found.parts if part.part == Part.plan), "")
    names = tuple(gpt.name for gpt in found.gpts)
    return tasks_of(Question("", names, steps=found.orchestration.step_limit), plan)


def _plan(found: Lanes) -> str:
    """As Markdown: who does what, after which steps."""
    lines = [
        f"{number}. **{found.gpts[task.lane].name}**: {task.words}"
        + (f" (after {', '.join(str(place) for place in needed)})" if needed else "")
        for number, (task, needed) in enumerate(_numbered(_tasks(found)), start=1)
    ]
    return "\n".join(lines) or "No step could be handed to anybody: it answers alone."


def _numbered(tasks: tuple[Task, ...]) -> list[tuple[Task, list[int]]]:
    """The steps that are done, numbered without gaps."""
    places = {task.number: place for place, task in enumerate(tasks, start=1)}
    return [(task, [places[need] for need in task.needs]) for task in tasks]


def _handed(part: Message, found: Lanes) -> str:
    task = next((each for each in _tasks(found) if (each.lane, each.step) == (part.lane, part.step)), None)
    return f"For {found.gpts[0].name}: {task.words}" if task else ""
