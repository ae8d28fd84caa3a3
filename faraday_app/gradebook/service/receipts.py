"""How a total came about, in lines that a person reads: every figure is one of the derivation's own."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from faraday_app.gradebook.calculation import (
    Derivation,
    GroupLine,
    Kind,
    NotCounted,
    Reason,
    Result,
    Scheme,
    Standing,
    WorkLine,
    goal,
    half_up,
)
from faraday_app.gradebook.calculation.rounding import as_decimal
from faraday_app.gradebook.service.ledger import number
from faraday_app.gradebook.service.records import Record
from faraday_app.gradebook.service.structure import Structure

DASH = "—"


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    note: str
    figure: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The next letter up, and what it takes."""

    letter: str
    percent: Decimal
    words: str


def percent(result: Result) -> str:
    return DASH if result.percent is None else str(result.percent)


def lines(record: Record, kind: Kind = Kind.current) -> list[Line]:
    """From the groups to the total: what counted and what was dropped, what lateness cost, scaling, cap, rounding."""
    result = record.grades.current if kind is Kind.current else record.grades.final
    told = result.derivation
    found = [_group(record.structure, told.scheme, each) for each in told.groups]
    for period in told.periods:
        name = next((each.name for each in record.structure.periods if str(each.id) == period.id), "Period")
        note = f"weight {_exact(period.weight)} %" if period.counts else "nothing graded yet"
        found.append(Line(name, note, _figure(period.contribution)))
        found += [_group(record.structure, told.scheme, each) for each in period.groups]
    return [*found, _late(told), *_adding(told)]


def _group(structure: Structure, scheme: Scheme, line: GroupLine) -> Line:
    name = next((group.name for group in structure.groups if str(group.id) == line.id), "Group")
    title = f"{name} · {_exact(line.weight)} %" if scheme is Scheme.weighted and line.weight is not None else name
    kept = [work for work in line.work if work.standing is Standing.kept]
    notes = [_dropped(line)] if line.lowest or line.highest else []
    if not kept:
        return Line(title, "nothing graded yet", "scaled" if scheme is Scheme.weighted else DASH)
    if scheme is Scheme.points or not notes:
        notes.append(f"{_exact(line.score)} of {_exact(line.possible)} in {len(kept)}")
    return Line(title, ", ".join(notes), _figure(line.contribution))


def _dropped(line: GroupLine) -> str:
    gone = [work for work in line.work if work.standing in (Standing.dropped_lowest, Standing.dropped_highest)]
    counted = sum(1 for work in line.work if work.standing is not Standing.left_out)
    which = "lowest" if line.lowest and not line.highest else "highest" if line.highest and not line.lowest else ""
    return f"{which} of {counted} dropped: ".lstrip() + ", ".join(_of(work) for work in gone)


def _of(work: WorkLine) -> str:
    return f"{_exact(work.score)}/{_exact(work.possible)}" if work.possible is not None else _exact(work.score)


def _late(told: Derivation) -> Line:
    groups = [*told.groups, *(group for period in told.periods for group in period.groups)]
    taken = [work.deducted for group in groups for work in group.work if work.deducted]
    if not taken:
        return Line("Late penalty", "none", "0")
    note = f"on {len(taken)} piece{'s' * (len(taken) > 1)} of work, already taken off above"
    return Line("Late penalty", note, f"−{_exact(sum(taken, Fraction()))}")


def _adding(told: Derivation) -> list[Line]:
    found = []
    if told.adding.factor != 1 and told.adding.weights:
        note = f"weights that count add up to {_exact(told.adding.weights)} %"
        found.append(Line("Scaled up", note, f"× {_exact(told.adding.factor)}"))
    if told.capped and told.cap is not None:
        found.append(Line("Highest percent", "the class gives no more", _exact(told.cap)))
    if told.exact is not None and told.percent is not None and told.exact != told.percent and not told.capped:
        found.append(Line("Rounded", f"from {half_up(told.exact, 5)}", str(told.percent)))
    return found


def reach(record: Record) -> Reach | None:
    """What the next letter up takes, on the next piece of work that is not graded."""
    result = record.grades.current
    if result.percent is None:
        return None
    bands = record.structure.policy.letters.bands
    above = [band for band in bands if band.at_least > result.percent]
    open_ = _open(record)
    if not above or open_ is None:
        return None
    band, (work_id, title, points) = above[-1], open_
    try:
        found = goal(record.sheet, work_id, band.at_least, kind=Kind.current, view=record.view)
    except NotCounted:
        return None
    if found.needed is None:
        words = f"not with “{title}” alone: full points make it {found.highest} %"
    else:
        words = f"needs {_exact(found.needed)} of {number(points)} on “{title}”"
    return Reach(band.name, as_decimal(Fraction(band.at_least)), words)


def _open(record: Record) -> tuple[str, str, Decimal] | None:
    waiting = {
        work.id
        for group in record.grades.current.derivation.groups
        for work in group.work
        if work.reason in (Reason.ungraded, Reason.unposted)
    }
    for work in record.work:
        if str(work.id) in waiting and work.points:
            return str(work.id), work.title, work.points
    return None


def _exact(value: Fraction | None) -> str:
    return DASH if value is None else number(half_up(value, 4)) if value.denominator != 1 else str(value.numerator)


def _figure(value: Fraction | None) -> str:
    return DASH if value is None else str(half_up(value))
