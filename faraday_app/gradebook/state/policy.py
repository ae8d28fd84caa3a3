"""The rules of a class, changed in a dialog: first what they would come to, then saved."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

import reflex as rx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app import ui
from faraday_app.accounts.models import User
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.coursework.service import groups as coursework_groups
from faraday_app.gradebook.calculation import (
    DEFAULT,
    GRADE_POINTS,
    MASTERY_OF_PERCENT,
    Band,
    DropBy,
    Interval,
    LatePolicy,
    Letters,
    PerInterval,
    Rules,
    Scheme,
    Tier,
    Tiers,
)
from faraday_app.gradebook.models import Posting
from faraday_app.gradebook.service import previews, reading, receipts, ruling
from faraday_app.gradebook.service.ledger import number
from faraday_app.gradebook.service.policies import Policy
from faraday_app.gradebook.service.previews import Preview
from faraday_app.gradebook.service.structure import GroupOf, Structure
from faraday_app.gradebook.service.totals import Total
from faraday_app.gradebook.views import NO_POLICY, GroupView, PolicyView, PreviewRow
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing

MOST_ROWS = 100
SCALES = {"letters": DEFAULT, "mastery": MASTERY_OF_PERCENT, "points": GRADE_POINTS}
Word = TypeVar("Word", bound=StrEnum)


@passing
class PolicyState(rx.State):
    open: bool = False
    policy: PolicyView = NO_POLICY
    groups: list[GroupView] = []
    rows: list[PreviewRow] = []
    summary: str = ""
    warnings: list[str] = []
    problem: str = ""
    previewed: bool = False

    _class_id: str = ""
    _wanted: Policy = Policy()
    _groups: list[tuple[GroupOf, int]] = []

    @rx.event
    @allow(Permission.gradebook_manage)
    async def begin(self, class_id: str) -> None:
        """Open the dialog with the rules as they are."""
        self._class_id = str(parse_id(class_id))
        async with acting(self) as (session, actor):
            policy = await ruling.get_policy(session, actor, parse_id(self._class_id))
            rows = await coursework_groups.of_class(session, parse_id(self._class_id))
            self.groups = [_group_view(reading.group_of(row), row.version) for row in rows]
        self.policy, self._wanted = _view(policy), policy
        self._forget()
        self.open = True

    @rx.event
    @allow(Permission.gradebook_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)
        self._forget()

    @rx.event
    @allow(Permission.gradebook_manage)
    async def set_scale(self, name: str) -> None:
        """Put a usual scale into the field of letters, where it can be changed before anything is saved."""
        if name in SCALES:
            self.policy = replace(self.policy, letters=_bands(SCALES[name]), scale=name)

    @rx.event
    @allow(Permission.gradebook_manage)
    async def show(self, form: dict[str, Any]) -> None:
        """What these rules would come to. Nothing is saved yet."""
        self._forget()
        class_id = parse_id(self._class_id)
        try:
            async with acting(self) as (session, actor):
                structure = await reading.read(session, class_id)
                self._wanted = _policy_of(form, self.policy.version)
                self._groups = _groups_of(form, structure, {each.id: each.version for each in self.groups})
                changed = [group for group, _ in self._groups]
                found = await previews.preview(session, actor, class_id, self._wanted, changed)
                self._show(found, structure, await _names(session, structure))
        except FaradayError as error:
            self.problem = error.message
            return
        self.previewed = True

    @rx.event
    @allow(Permission.gradebook_manage)
    async def save(self) -> Any:
        """Exactly what was shown."""
        if not self.previewed:
            return None
        try:
            async with acting(self) as (session, actor):
                await ruling.set_rules(session, actor, parse_id(self._class_id), self._wanted, self._groups)
        except FaradayError as error:
            self.problem = error.message
            return None
        self.open = False
        self._forget()
        return ui.notify("The rules are saved, and every total follows them.")

    @rx.event
    @allow(Permission.gradebook_manage)
    async def change_again(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self.rows, self.summary, self.warnings, self.problem, self.previewed = [], "", [], "", False

    def _show(self, found: Preview, structure: Structure, names: Mapping[Any, str]) -> None:
        flips = set(found.flips)
        changed = [id for id in found.before if _shown(found.before[id]) != _shown(found.after[id])]
        changed.sort(key=lambda id: (id not in flips, names.get(id, "")))
        self.rows = [
            PreviewRow(
                str(id),
                names.get(id, ""),
                _said(found.before[id].current_percent, found.before[id].current_letter),
                _said(found.after[id].current_percent, found.after[id].current_letter),
                id in flips,
            )
            for id in changed[:MOST_ROWS]
        ]
        self.summary = f"{len(changed)} of {len(found.before)} grades change, {len(flips)} letters flip."
        self.warnings = [
            f"{names.get(each.student_id, '')}: {number(each.score + 1)} instead of {number(each.score)} on "
            f"“{structure.by_id[each.work_id].title}” lowers the total from {each.before} to {each.after} %."
            for each in found.lowered[:10]
        ]
        if len(found.lowered) > len(self.warnings):
            self.warnings = [*self.warnings, f"And {len(found.lowered) - len(self.warnings)} more."]


def _shown(total: Total) -> tuple[Decimal | None, str | None, Decimal | None]:
    return total.current_percent, total.current_letter, total.final_percent


def _said(percent: Decimal | None, letter: str | None) -> str:
    return receipts.DASH if percent is None else f"{percent} % {letter or ''}".strip()


async def _names(session: AsyncSession, structure: Structure) -> dict[Any, str]:
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(structure.sections))
    return dict((await session.execute(query)).all())


def _view(policy: Policy) -> PolicyView:
    late = policy.late
    kind = "none" if late is None else late.interval.value if isinstance(late, PerInterval) else "table"
    tiers = late.table if isinstance(late, Tiers) else ()
    return PolicyView(
        policy.version,
        policy.scheme.value,
        policy.weighted_periods,
        _bands(policy.letters),
        _text(policy.cap),
        kind,
        number(Decimal(str(late.percent))) if isinstance(late, PerInterval) else "",
        "" if late is None else number(Decimal(str(late.floor))),
        "\n".join(f"{number(Decimal(tier.after) / 3600)} {number(Decimal(str(tier.percent)))}" for tier in tiers),
        _text(policy.missing_percent),
        policy.posting.value,
        next((name for name, each in SCALES.items() if _bands(each) == _bands(policy.letters)), ""),
    )


def _bands(scale: Letters) -> str:
    return "\n".join(f"{band.name} {number(Decimal(str(band.at_least)))}" for band in scale.bands)


def _group_view(group: GroupOf, version: int) -> GroupView:
    rules = group.rules
    return GroupView(
        str(group.id), group.name, _text(group.weight), str(rules.lowest), str(rules.highest), rules.by.value, version
    )


def _text(value: Decimal | None) -> str:
    return "" if value is None else number(value)


def _policy_of(form: Mapping[str, Any], version: int) -> Policy:
    bands = [_pair(line, "letters") for line in str(form.get("letters", "")).splitlines() if line.strip()]
    ordered = sorted((Band(name, least) for name, least in bands), key=lambda band: band.at_least, reverse=True)
    return _as_default(
        Policy(
            _one(Scheme, form.get("scheme")),
            form.get("weighted_periods") in (True, "on", "true"),
            Letters(tuple(ordered)),
            _number(form.get("cap"), "The highest percent"),
            _late_of(form),
            _number(form.get("missing_percent"), "What missing work loses"),
            _one(Posting, form.get("posting")),
            version,
        )
    )


def _as_default(policy: Policy) -> Policy:
    """A usual scale keeps its grade points where names and bounds are as they were."""
    known = next((each for each in SCALES.values() if _bands(each) == _bands(policy.letters)), policy.letters)
    return replace(policy, letters=known)


def _late_of(form: Mapping[str, Any]) -> LatePolicy | None:
    kind = str(form.get("late", "none"))
    floor = _number(form.get("floor"), "The lowest percent") or Decimal(0)
    if kind == "table":
        pairs = [_pair(line, "late") for line in str(form.get("tiers", "")).splitlines() if line.strip()]
        tiers = [Tier(int(_needed(hours, "Hours") * 3600), percent) for hours, percent in pairs]
        return Tiers(tuple(sorted(tiers, key=lambda tier: tier.after)), floor)
    if kind in ("day", "hour"):
        return PerInterval(_needed(form.get("percent"), "What lateness costs"), Interval(kind), floor)
    return None


def _groups_of(form: Mapping[str, Any], structure: Structure, versions: Mapping[str, int]) -> list[tuple[GroupOf, int]]:
    """Those of which something is to be another."""
    found = []
    for group in structure.groups:
        key = str(group.id)
        if key not in versions or f"weight-{key}" not in form:
            continue
        rules = Rules(
            int(_needed(form.get(f"lowest-{key}") or "0", "Drop lowest")),
            int(_needed(form.get(f"highest-{key}") or "0", "Drop highest")),
            group.rules.never,
            _one(DropBy, form.get(f"by-{key}")),
        )
        wanted = replace(group, weight=_number(form.get(f"weight-{key}"), f"The weight of {group.name}"), rules=rules)
        if min(rules.lowest, rules.highest) < 0 or (wanted.weight or 0) < 0:
            raise Invalid(f"Weights and drops of {group.name} are 0 or above.")
        if wanted != group:
            found.append((wanted, versions[key]))
    return found


def _pair(line: str, field: str) -> tuple[str, Decimal]:
    name, _, value = line.strip().rpartition(" ")
    if not name:
        raise Invalid(f"Write “{line.strip()}” as two things with a space between them.", field)
    return name.strip(), _needed(value, name)


def _number(value: Any, what: str) -> Decimal | None:
    words = str(value or "").strip().removesuffix("%").strip().replace(",", ".")
    if not words:
        return None
    try:
        found = Decimal(words)
    except InvalidOperation as error:
        raise Invalid(f"{what} has to be a number.") from error
    if not found.is_finite() or abs(found) > 1_000_000 or found != round(found, 4):
        raise Invalid(f"{what} has to be a number with at most four decimals.")
    return found


def _needed(value: Any, what: str) -> Decimal:
    found = _number(value, what)
    if found is None:
        raise Invalid(f"{what} needs a number.")
    return found


def _one(words: type[Word], value: Any) -> Word:
    try:
        return words(str(value))
    except ValueError as error:
        raise Invalid("Choose one of what is offered.") from error
