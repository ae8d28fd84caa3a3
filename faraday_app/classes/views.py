"""What the browser may know of classes, and the places within one that the domains register."""

from dataclasses import dataclass

from faraday_app.core.permissions import Permission


@dataclass(frozen=True, slots=True)
class ClassPlace:
    """A page of a class. Its path says which class by ``?id=``; it is shown to those who hold the permission."""

    key: str
    label: str
    icon: str
    path: str
    permission: Permission
    order: int = 100


_PLACES: dict[str, ClassPlace] = {}


def register_place(place: ClassPlace) -> None:
    """Offer a page among the places of each class. Told once, when the page's module is imported."""
    if place.key in _PLACES:
        raise ValueError(f"Two pages want to be the place {place.key} of a class.")
    _PLACES[place.key] = place


def class_places() -> list[ClassPlace]:
    """As they stand in the row. Asked while pages are built: by then all have registered."""
    return sorted(_PLACES.values(), key=lambda place: (place.order, place.key))


@dataclass(frozen=True, slots=True)
class ClassHead:
    """What stands over every page of a class. ``standing`` is what the viewer is to it; ``children`` of whom."""

    id: str
    name: str
    subject: str
    term: str
    standing: str
    children: str
    is_staff: bool
    grades: bool
    archived: bool


NO_CLASS = ClassHead("", "", "", "", "", "", is_staff=False, grades=False, archived=False)

PEOPLE = ClassPlace("people", "People & settings", "users", "/class", Permission.classes_read, 90)
register_place(PEOPLE)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class in the list. ``you`` is what the viewer is to it; ``students`` is empty for whoever may not know."""

    id: str
    name: str
    about: str
    term: str
    teachers: str
    students: str
    you: str
    archived: bool


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student of a class. ``id`` is the student's, ``place`` the enrolment's."""

    id: str
    place: str
    name: str
    email: str
    initials: str
    tone: str
    section_id: str
    section: str
    status: str
    status_word: str
    status_tone: str
    guardians: str
    relationships: str
    chosen: bool
    version: int


@dataclass(frozen=True, slots=True)
class StaffRow:
    id: str
    name: str
    email: str
    initials: str
    tone: str
    role: str
    word: str
    me: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody who can be chosen."""

    id: str
    name: str
    about: str
    initials: str
    tone: str
    chosen: bool = False


NO_PERSON = PersonView("", "", "", "", "iris")


@dataclass(frozen=True, slots=True)
class SectionView:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class PeriodView:
    id: str
    name: str
    days: str
    weight: str
    closed: str


@dataclass(frozen=True, slots=True)
class TermView:
    id: str
    name: str
    days: str
    now: str
    tone: str
    periods: list[PeriodView]


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """A guardian and their child."""

    id: str
    guardian: str
    guardian_email: str
    initials: str
    tone: str
    student: str
    student_email: str
    relationship: str
