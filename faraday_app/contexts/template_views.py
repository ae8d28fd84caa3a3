"""What a browser may know of templates, and how it is put into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from faraday_app.contexts.models import Audience, TemplateVersion
from faraday_app.contexts.service.templates.language import parse, render
from faraday_app.contexts.service.templates.results import Compared, Counts, Results
from faraday_app.contexts.service.templates.shelf import Opened, may_change
from faraday_app.contexts.service.templates.variables import Kind, Variable, fill
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor
from faraday_app.core.rendering import to_html
from faraday_app.credits.views import credits_text
from faraday_app.ui.times import ago

_INPUTS = {Kind.number: "number", Kind.date: "date"}


@dataclass(frozen=True, slots=True)
class TemplateView:
    id: str
    name: str
    about: str
    category: str
    whose: str
    audience: str
    shared: bool
    mine: bool
    archived: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a form. ``control``: line, area, choice or check; ``type``, ``least`` and ``most`` are the input's."""

    name: str
    label: str
    help: str
    control: str
    type: str
    value: str
    choices: list[str]
    required: bool
    problem: str = ""
    least: str = ""
    most: str = ""
    step: str = "any"


@dataclass(frozen=True, slots=True)
class VariableView:
    """A line of the editor's list of fields."""

    name: str
    label: str
    about: str
    used: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    id: str
    number: int
    note: str
    current: bool
    uses: str
    outcome: str
    cost: str


@dataclass(frozen=True, slots=True)
class AdviceView:
    words: str
    fact: str


def template_view(found: Opened, actor: Actor) -> TemplateView:
    template = found.template
    own = template.owner_id == actor.user_id
    return TemplateView(
        str(template.id),
        template.name,
        template.about or f"{len(found.version.variables)} to fill in",
        template.category,
        "Yours" if own else f"By {found.owner_name or 'a former member'}",
        Audience(template.audience).label,
        template.audience != Audience.me,
        may_change(actor, template),
        template.archived_at is not None,
    )


def field_views(
    variables: Sequence[Variable], values: Mapping[str, Any], problems: Mapping[str, str] | None = None
) -> list[FieldView]:
    """As a form: with what was entered so far, and what is wrong with it."""
    return [_field(each, str(values.get(each.name, each.default)), (problems or {}).get(each.name, ""))
            for each in variables]  # fmt: skip


def _field(variable: Variable, value: str, problem: str) -> FieldView:
    control = {Kind.long_text: "area", Kind.choice: "choice", Kind.yes_no: "check"}.get(variable.kind, "line")
    low, high = (
        (variable.least, variable.most) if variable.kind is Kind.number else (variable.earliest, variable.latest)
    )
    return FieldView(
        variable.name,
        variable.title + ("" if variable.required or variable.kind is Kind.yes_no else " (optional)"),
        variable.help,
        control,
        _INPUTS.get(variable.kind, "text"),
        value,
        list(variable.choices),
        variable.required,
        problem,
        "" if low is None else str(low),
        "" if high is None else str(high),
        "1" if variable.whole else "any",
    )


def variable_views(variables: Sequence[Variable], named: Sequence[str]) -> list[VariableView]:
    return [VariableView(each.name, each.title, _rules(each), each.name in named) for each in variables]


def _rules(variable: Variable) -> str:
    """Its kind and rules in a few words."""
    parts = [variable.kind.label, "required" if variable.required and variable.kind is not Kind.yes_no else ""]
    if variable.kind is Kind.choice:
        parts.append(f"{len(variable.choices)} choices")
    for low, high, unit in (
        (variable.shortest, variable.longest, " characters"),
        (variable.least, variable.most, ""),
        (variable.earliest, variable.latest, ""),
    ):
        if low is not None or high is not None:
            parts.append(f"{'' if low is None else low}–{'' if high is None else high}{unit}")
    parts += [f"like {variable.pattern}"] if variable.pattern else []
    parts += [f"“{variable.default[:30]}” at first"] if variable.default else []
    return " · ".join(part for part in parts if part)


def preview(text: str, variables: Sequence[Variable]) -> str:
    """As HTML, with each field's default or its name in brackets."""
    samples = {each.name: _sample(each) for each in variables}
    filled = fill(variables, samples)
    texts = {name: filled.texts.get(name) or samples[name] for name in samples}
    return to_html(render(parse(text), texts, {name: bool(value) for name, value in texts.items()}))


def _sample(variable: Variable) -> str:
    if variable.kind is Kind.yes_no:
        return "yes"
    return variable.default or (variable.choices[0] if variable.choices else f"[{variable.title}]")


def version_views(found: Results, current: str) -> list[VersionView]:
    return [_version(version, counts, current) for version, counts in found.versions]


def plain_versions(versions: Sequence[TemplateVersion], current: str) -> list[VersionView]:
    """For those who may use the template but not see what it came to."""
    return [VersionView(str(each.id), each.number, each.note, str(each.id) == current, "", "", "") for each in versions]


def _version(version: TemplateVersion, counts: Counts, current: str) -> VersionView:
    return VersionView(
        str(version.id),
        version.number,
        version.note,
        str(version.id) == current,
        f"{counts.uses:,} {'use' if counts.uses == 1 else 'uses'}",
        counts.tally.words if counts.cases else "",
        "" if counts.cost is None else f"{credits_text(counts.cost)} credits, {counts.tokens:,} tokens",
    )


def totals(found: Results, zone: str) -> list[tuple[str, str]]:
    """The figures, by their names."""
    counts = found.total
    return [
        ("Uses", f"{counts.uses:,}"),
        ("People", f"{counts.people:,}"),
        ("Went well", f"{counts.tally.rate:.0%}" if counts.cases else "–"),
        ("Liked", f"{counts.liked:,} of {counts.liked + counts.disliked:,}"),
        ("Kept", f"{counts.kept:,}"),
        ("Tried again", f"{counts.retried:,}"),
        ("Median credits", "–" if counts.cost is None else credits_text(counts.cost)),
        ("Median tokens", "–" if counts.tokens is None else f"{counts.tokens:,}"),
        ("Last used", ago(counts.last_used, now(), zone)),
    ]


def compared_words(found: Compared) -> list[str]:
    """What two versions at once have shown, in sentences."""
    sides = zip(found.numbers, found.counts, strict=True)
    lines = [
        f"Version {number}: {counts.tally.words if counts.cases else 'no answers yet'}." for number, counts in sides
    ]
    return [found.verdict.words, *lines]
