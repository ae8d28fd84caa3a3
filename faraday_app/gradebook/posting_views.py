"""What the browser may know of what is posted."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PartView:
    """A section of the class, with what is not posted of it yet."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class SightView:
    """What an audience sees now, in a sentence."""

    audience: str
    title: str
    words: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A form for an audience: ``how`` is ``posted``, ``from`` or ``hidden``. ``clash`` says what another set meanwhile;
    what is chosen in the form stays until ``edition`` is another."""

    audience: str
    title: str
    how: str
    moment: str
    edition: str
    clash: str = ""


@dataclass(frozen=True, slots=True)
class ShowingView:
    work_id: str = ""
    title: str = ""
    words: str = ""
    waiting: int = 0
    posted: int = 0
    sections: list[PartView] = field(default_factory=list)
    own: str = ""
    of_class: str = ""
    sights: list[SightView] = field(default_factory=list)


NO_SHOWING = ShowingView()
