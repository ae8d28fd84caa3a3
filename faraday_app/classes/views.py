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
