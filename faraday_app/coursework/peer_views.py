"""What the browser may know of the reviews that students write of each other's work."""

from collections.abc import Iterable, Sequence
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
    whole: str
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
    sent = f" · sent {short(found.sent_at, zone)}" if found.sent_at else ""
    return GivenView(
        str(found.id),
        found.reviewer,
        f"reviews {found.author}{sent}",
        f"{found.reviewer} reviews {found.author}",
        WORDS[found.state],
        TONES[found.state],
        found.state is State.sent,
    )


def release_words(given: Sequence[Given]) -> str:
    """What releasing does, in figures: what is read from then on, what is never finished, and who is told nothing."""
    sent = [each for each in given if each.state is State.sent]
    left = [each for each in given if each.state is not State.sent]
    read = {each.author for each in sent}
    all_of_it = f"{len(sent)} of {_many(len(given), 'review')} sent"
    words = [f"{all_of_it}: {_many(len(read), 'author')} can read what was said."]
    if left:
        begun = sum(each.is_begun for each in left)
        kept = f" ({begun} of them begun)" if begun else ""
        who = _names(each.reviewer for each in left)
        words.append(f"{_many(len(left), 'review')}{kept} by {who} will stay unfinished and unread: the writing ends.")
    if silent := {each.author for each in given} - read:
        words.append(f"No review of the work of {_names(silent)} is sent, so there is nothing to read.")
    words.append("You can stop showing them later, and writing goes on then if they are not due.")
    return " ".join(words)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _names(people: Iterable[str]) -> str:
    """At most six by name."""
    names = sorted(set(people))
    more = len(names) - 6
    shown = [*names[:6], *([f"{more} more"] if more > 0 else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


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
