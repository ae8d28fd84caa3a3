"""What the browser may know of the reviews that students write of each other's work."""

from dataclasses import dataclass, field

from faraday_app.coursework.service.peers import Given, Received, State, Task, Words
from faraday_app.coursework.service.rubrics import Criterion, Mark, plain
from faraday_app.coursework.work_views import FileView
from faraday_app.ui.times import short

WORDS = {State.todo: "To do", State.begun: "Begun", State.sent: "Sent", State.missing: "Missing"}
TONES = {State.todo: "iris", State.begun: "amber", State.sent: "green", State.missing: "red"}


@dataclass(frozen=True, slots=True)
class PeerTaskView:
    id: str
    title: str
    badge: str
    tone: str


@dataclass(frozen=True, slots=True)
class PeerLevelView:
    place: int
    title: str
    text: str
    points: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PeerCriterionView:
    """``points`` is what was given, empty for nothing; ``most`` empty where it is judged and not counted."""

    id: str
    title: str
    details: str
    most: str
    points: str
    remark: str
    ranged: bool
    levels: list[PeerLevelView]


@dataclass(frozen=True, slots=True)
class PeerDeskView:
    """A review as it is written. ``closed`` says why nothing can be written; ``sent`` that it was sent."""

    id: str = ""
    title: str = ""
    html: str = ""
    link: str = ""
    files: list[FileView] = field(default_factory=list)
    criteria: list[PeerCriterionView] = field(default_factory=list)
    comment: str = ""
    closed: str = ""
    sent: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedView:
    id: str
    title: str
    criteria: list[PeerCriterionView]
    comment: str


@dataclass(frozen=True, slots=True)
class GivenView:
    """Who reviews whom, for the staff."""

    id: str
    title: str
    about: str
    badge: str
    tone: str
    sent: bool


def criteria_view(criteria: tuple[Criterion, ...], words: Words) -> list[PeerCriterionView]:
    return [_criterion(each, words.marks.get(each.id, Mark())) for each in criteria]


def title_of(of: str, place: int = 0) -> str:
    """“Review of Emre Kaya”; without names they are numbered."""
    number = f" ({place})" if place else ""
    return f"Review of {of}" if of else f"Review of a classmate{number}"


def task_view(task: Task, place: int) -> PeerTaskView:
    return PeerTaskView(str(task.review.id), title_of(task.of, place), WORDS[task.state], TONES[task.state])


def received_view(found: Received, place: int, *, several: bool) -> ReceivedView:
    by = f"By {found.by}" if found.by else f"By a classmate ({place})"
    title = f"{found.whose}: {by[0].lower()}{by[1:]}" if several else by
    return ReceivedView(str(place), title, criteria_view(found.criteria, found.words), found.words.comment)


def given_view(found: Given, zone: str) -> GivenView:
    sent = f"Sent {short(found.sent_at, zone)}" if found.sent_at else ""
    return GivenView(
        str(found.id),
        f"{found.reviewer} reviews {found.author}",
        sent,
        WORDS[found.state],
        TONES[found.state],
        found.state is State.sent,
    )


def _criterion(criterion: Criterion, mark: Mark) -> PeerCriterionView:
    return PeerCriterionView(
        criterion.id,
        criterion.title,
        criterion.details,
        plain(criterion.points) if criterion.scored else "",
        "" if mark.points is None else plain(mark.points),
        mark.remark,
        criterion.ranged or not criterion.ratings,
        [
            PeerLevelView(place, each.title, each.text, plain(each.points), place == mark.rating)
            for place, each in enumerate(criterion.ratings)
        ],
    )
