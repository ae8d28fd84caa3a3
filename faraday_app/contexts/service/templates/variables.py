"""What a template asks for: typed fields with rules, and the answers to them, checked here and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from faraday_app.contexts.service.templates.language import NAME
from faraday_app.contexts.service.templates.patterns import LONGEST_MATCHED, LONGEST_PATTERN, BadPattern, compiled
from faraday_app.core.errors import Invalid

MOST_VARIABLES = 40
MOST_CHOICES = 40
LONGEST_LINE = 200
LONGEST_VALUE = 8_000
LARGEST = Decimal(10) ** 15
DECIMALS = 12
YES = {"yes", "true", "on", "1"}
NO = {"no", "false", "off", "0", ""}


class Kind(StrEnum):
    text = "text"
    long_text = "long_text"
    number = "number"
    date = "date"
    choice = "choice"
    yes_no = "yes_no"
    class_name = "class_name"
    person_name = "person_name"

    @property
    def label(self) -> str:
        return {
            "text": "Short text",
            "long_text": "Long text",
            "number": "Number",
            "date": "Date",
            "choice": "Choice",
            "yes_no": "Yes or no",
            "class_name": "Name of a class",
            "person_name": "Name of a person",
        }[self.value]

    @property
    def is_words(self) -> bool:
        return self in (Kind.text, Kind.long_text, Kind.class_name, Kind.person_name)


Line = Annotated[str, Field(max_length=LONGEST_LINE)]


class Variable(BaseModel):
    """A field of a template's form. ``shortest``, ``longest`` and ``pattern`` are for words, ``least``, ``most`` and
    ``whole`` for numbers, ``earliest`` and ``latest`` for dates. Nothing else is taken over from a file.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Annotated[str, Field(max_length=40, examples=["topic"])]
    label: Annotated[str, Field(max_length=80, examples=["What is it about?"])] = ""
    kind: Kind = Kind.text
    help: Line = ""
    default: Annotated[str, Field(max_length=LONGEST_VALUE)] = ""
    required: bool = True
    choices: Annotated[tuple[Annotated[str, Field(max_length=120)], ...], Field(max_length=MOST_CHOICES)] = ()
    shortest: int | None = Field(None, ge=0, le=LONGEST_VALUE)
    longest: int | None = Field(None, ge=1, le=LONGEST_VALUE)
    pattern: Annotated[str, Field(max_length=LONGEST_PATTERN)] = ""
    least: Decimal | None = Field(None, ge=-LARGEST, le=LARGEST, max_digits=20)
    most: Decimal | None = Field(None, ge=-LARGEST, le=LARGEST, max_digits=20)
    whole: bool = False
    earliest: date | None = None
    latest: date | None = None

    @field_validator("label", "help", "default", "pattern", "choices")
    @classmethod
    def _storable(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if any("\x00" in part for part in ((value,) if isinstance(value, str) else value)):
            raise ValueError("must not contain the character NUL")
        return value

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if not NAME.fullmatch(name):
            raise ValueError("use small letters, digits and _, beginning with a letter")
        return name

    @model_validator(mode="after")
    def _fits_together(self) -> "Variable":
        bounds: tuple[tuple[Any, Any], ...] = (
            (self.shortest, self.longest),
            (self.least, self.most),
            (self.earliest, self.latest),
        )
        if any(low is not None and high is not None and low > high for low, high in bounds):
            raise ValueError("the smallest must not be more than the largest")
        if self.kind is Kind.choice and len({each.strip() for each in self.choices} - {""}) != len(self.choices or "_"):
            raise ValueError("give each choice once, and at least one")
        if self.pattern:
            try:
                compiled(self.pattern)
            except BadPattern as bad:
                raise ValueError(str(bad)) from None
        if self.default and (problem := checked(self, self.default).problem):
            raise ValueError(f"its default cannot be entered: {problem}")
        return self

    @property
    def title(self) -> str:
        return self.label or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Answer:
    """``text`` as it goes into the prompt; or why it cannot."""

    text: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """All answers. ``problems`` by variable; without any the texts can be used."""

    texts: dict[str, str] = field(default_factory=dict)
    truths: dict[str, bool] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    at_default: tuple[str, ...] = ()
    left_empty: tuple[str, ...] = ()


def read(kept: Sequence[Mapping[str, Any]]) -> tuple[Variable, ...]:
    """Variables as they come from a form, a file or a client. Invalid names the one to mend."""
    if len(kept) > MOST_VARIABLES:
        raise Invalid(f"A template asks for {MOST_VARIABLES} things at most.", field="variables")
    found: list[Variable] = []
    for each in kept:
        try:
            found.append(Variable.model_validate(each))
        except ValidationError as error:
            raise Invalid(_why(each, error), field="variables") from None
    names = [variable.name for variable in found]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid(f"“{twice}” is there twice.", field="variables")
    return tuple(found)


def fill(variables: Sequence[Variable], given: Mapping[str, Any]) -> Filled:
    """What was entered, checked field by field. What no variable asks for is left out."""
    texts, problems, truths = {}, {}, {}
    for variable in variables:
        answer = checked(variable, given.get(variable.name, variable.default))
        if answer.problem:
            problems[variable.name] = answer.problem
        texts[variable.name] = answer.text
        truths[variable.name] = answer.text == "yes" if variable.kind is Kind.yes_no else bool(answer.text)
    return Filled(
        texts,
        truths,
        problems,
        tuple(each.name for each in variables if each.default and texts[each.name] == checked(each, each.default).text),
        tuple(each.name for each in variables if not texts[each.name]),
    )


def checked(variable: Variable, given: Any) -> Answer:
    """One answer. Every kind says what it wants in words."""
    text = _as_text(given)
    if text is None:
        return Answer(problem="Enter this as text.")
    if variable.kind is Kind.yes_no:
        return _yes_or_no(text)
    if not text:
        return Answer(problem="Fill this in." if variable.required else "")
    if len(text) > LONGEST_VALUE or "\x00" in text:
        return Answer(problem=f"Up to {LONGEST_VALUE:,} characters, without the character NUL.")
    check = {Kind.number: _number, Kind.date: _date, Kind.choice: _choice}.get(variable.kind, _words)
    return check(variable, text)


def _as_text(given: Any) -> str | None:
    if isinstance(given, bool):
        return "yes" if given else "no"
    if given is None:
        return ""
    if isinstance(given, int) and abs(given) > LARGEST:
        return None
    return str(given).strip() if isinstance(given, str | int | float | Decimal | date) else None


def _yes_or_no(text: str) -> Answer:
    word = text.lower()
    return Answer("yes" if word in YES else "no") if word in YES | NO else Answer(problem="Answer with yes or no.")


def _number(variable: Variable, text: str) -> Answer:
    try:
        number = Decimal(text) if len(text) <= 40 and "_" not in text else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or abs(number) > LARGEST:
        return Answer(problem="Enter a number.")
    if int(number.as_tuple().exponent) < -DECIMALS:
        return Answer(problem=f"{DECIMALS} decimals at most.")
    if variable.whole and number != number.to_integral_value():
        return Answer(problem="Enter a whole number.")
    if variable.least is not None and number < variable.least:
        return Answer(problem=f"{_plain(variable.least)} at least.")
    if variable.most is not None and number > variable.most:
        return Answer(problem=f"{_plain(variable.most)} at most.")
    return Answer(_plain(number))


def _plain(number: Decimal) -> str:
    """Without an exponent, and without zeros that say nothing."""
    said = f"{number:f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said in ("-0", "") else said


def _date(variable: Variable, text: str) -> Answer:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Answer(problem="Enter a date, like 2027-03-31.")
    if variable.earliest and day < variable.earliest:
        return Answer(problem=f"Not before {variable.earliest.isoformat()}.")
    if variable.latest and day > variable.latest:
        return Answer(problem=f"Not after {variable.latest.isoformat()}.")
    return Answer(day.isoformat())


def _choice(variable: Variable, text: str) -> Answer:
    return Answer(text) if text in variable.choices else Answer(problem="Choose one of the list.")


def _words(variable: Variable, text: str) -> Answer:
    longest = variable.longest or (LONGEST_VALUE if variable.kind is Kind.long_text else LONGEST_LINE)
    if variable.kind is not Kind.long_text and "\n" in text:
        return Answer(problem="Write this in one line.")
    if len(text) > longest:
        return Answer(problem=f"{longest:,} characters at most; there are {len(text):,}.")
    if variable.shortest and len(text) < variable.shortest:
        return Answer(problem=f"{variable.shortest:,} characters at least.")
    if variable.pattern and not compiled(variable.pattern).matches(text):
        why = f"Up to {LONGEST_MATCHED} characters of the form {variable.pattern}"
        return Answer(problem=f"{why}{': ' + variable.help if variable.help else '.'}")
    return Answer(text)


def _why(each: Mapping[str, Any], error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    name = str(each.get("name", ""))[:40] if isinstance(each, Mapping) else ""
    said = first["msg"].removeprefix("Value error, ")
    return f"Field “{name or '?'}”{', ' + where if where else ''}: {said[:1].lower()}{said[1:]}."
