"""What the browser may know of the page of the trail: its filters, what is kept, one event in full, and the proof."""

from dataclasses import dataclass
from typing import Any

LONGEST = 2_000  # characters of one value

OUTCOMES = {"done": ("Done", "green"), "refused": ("Refused", "amber"), "failed": ("Failed", "red")}


@dataclass(frozen=True, slots=True)
class FilterView:
    """One filter that narrows. ``beside`` says that a control shows it too, where there is room for one."""

    name: str
    words: str
    beside: bool = False


@dataclass(frozen=True, slots=True)
class PersonView:
    id: str
    name: str
    about: str
    initials: str
    tone: str


NO_PERSON = PersonView("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class SearchView:
    id: str
    name: str
    about: str
    mine: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One field that a change touched."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FactView:
    """What is known of an event. With ``narrows``, the trail can be narrowed to what has the same."""

    name: str
    value: str
    narrows: str = ""


@dataclass(frozen=True, slots=True)
class ProofView:
    block: str = ""
    block_about: str = ""
    day: str = ""
    day_about: str = ""


def changes_in(details: dict[str, Any]) -> tuple[list[ChangeView], int]:
    """What differs between ``before`` and ``after``, field by field, and how many fields stayed the same."""
    before, after = _fields(details.get("before")), _fields(details.get("after"))
    names = list(dict.fromkeys([*before, *after]))
    changed = [name for name in names if before.get(name) != after.get(name)]
    found = [ChangeView(_field_words(name), *_sides(before.get(name), after.get(name))) for name in changed]
    return found, len(names) - len(changed)


def lines_in(details: dict[str, Any]) -> list[tuple[str, str]]:
    """What the details tell beside a change, by name: {"reach": {"role": "aide"}} as ("Reach: role", "aide")."""
    rest = {name: value for name, value in details.items() if name not in ("before", "after")}
    return [(_field_words(name), value_words(value)) for name, value in _fields(rest).items()]


def value_words(value: Any) -> str:
    """A value as people read it."""
    match value:
        case None | "" | [] | {}:
            said = "—"
        case bool():
            said = "yes" if value else "no"
        case list():
            said = "\n".join(_item_words(each) for each in value)
        case dict():
            said = _item_words(value)
        case _:
            said = str(value)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}… ({len(said):,} characters)"


def _fields(side: Any, above: str = "") -> dict[str, Any]:
    """Nested ones by their path: {"hours": {"start": "08:00"}} as {"hours: start": "08:00"}."""
    if not isinstance(side, dict):
        return {} if side is None else {above: side}
    found: dict[str, Any] = {}
    for name, value in side.items():
        path = f"{above}: {name}" if above else str(name)
        found |= _fields(value, path) if isinstance(value, dict) and value else {path: value}
    return found


def _field_words(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:] if words else "Value"


def _sides(before: Any, after: Any) -> tuple[str, str]:
    """Of two lists only what one has and the other has not, unless all that changed is the order."""
    if isinstance(before, list) and isinstance(after, list):
        gone, come = [each for each in before if each not in after], [each for each in after if each not in before]
        if gone or come:
            before, after = gone, come
    return value_words(before), value_words(after)


def _item_words(item: Any) -> str:
    if not isinstance(item, dict):
        return value_words(item)
    said = {name.replace("_", " "): value_words(value).replace("\n", ", ") for name, value in item.items() if value}
    return ", ".join(f"{name}: {value}" for name, value in said.items())
