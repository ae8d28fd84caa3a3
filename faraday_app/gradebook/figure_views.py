"""What the browser may know of how a class does."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from faraday_app.gradebook.calculation.statistics import Summary
from faraday_app.gradebook.service.analytics import Analytics, Concern, WorkFigures
from faraday_app.ui.primitives.chart import sparkline_paths
from faraday_app.ui.session import initials_of, tone_of

DASH = "—"


@dataclass(frozen=True, slots=True)
class FiguresView:
    """Of the whole class; dashes where nothing can be said."""

    students: str = ""
    mean: str = DASH
    median: str = DASH
    deviation: str = DASH
    quartiles: str = DASH
    span: str = DASH
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class BandView:
    name: str
    count: int
    words: str


@dataclass(frozen=True, slots=True)
class WorkFiguresView:
    id: str
    title: str
    graded: str
    missing: str
    mean: str
    median: str
    deviation: str
    difficulty: str
    discrimination: str
    hint: str
    tone: str


@dataclass(frozen=True, slots=True)
class ConcernView:
    id: str
    name: str
    initials: str
    tone: str
    percent: str
    reasons: list[str]
    path: str
    area: str
    course: str


def figures_view(found: Analytics) -> FiguresView:
    students = "1 student" if found.students == 1 else f"{found.students} students"
    it = found.summary
    if it is None:
        return FiguresView(students, suppressed=found.suppressed)
    return FiguresView(
        students,
        percent(it.mean),
        percent(it.median),
        f"{it.deviation:.1f}",
        f"{it.lower_quartile:.1f} to {it.upper_quartile:.1f} %",
        f"{it.lowest:.1f} to {it.highest:.1f} %",
    )


def band_views(found: Analytics) -> list[BandView]:
    """From the lowest to the highest, as a chart is read; none where nothing is known."""
    if found.summary is None:
        return []
    return [
        BandView(band.name, band.count, f"{band.name}: {band.count} of {found.summary.count}")
        for band in reversed(found.bands)
    ]


def work_view(figures: WorkFigures) -> WorkFiguresView:
    it: Summary | None = figures.summary
    hint, tone = _hint(figures)
    return WorkFiguresView(
        str(figures.work.id),
        figures.work.title,
        str(figures.graded),
        str(figures.missing or DASH),
        percent(it.mean) if it else DASH,
        percent(it.median) if it else DASH,
        f"{it.deviation:.1f}" if it else DASH,
        DASH if figures.difficulty is None else f"{figures.difficulty:.2f}",
        DASH if figures.discrimination is None else f"{figures.discrimination:.2f}".replace("-", "−"),
        hint,
        tone,
    )


def _hint(figures: WorkFigures) -> tuple[str, str]:
    """What is worth a look, in a word; nothing for ordinary work."""
    if figures.discrimination is not None and figures.discrimination < 0:
        return "Strong students lost more", "red"
    if figures.difficulty is not None and figures.difficulty > 0.5:
        return "Hard", "amber"
    if figures.difficulty is not None and figures.difficulty < 0.05:
        return "Easy", "slate"
    return "", "slate"


def concern_view(concern: Concern, names: Mapping[UUID, str]) -> ConcernView:
    name = names.get(concern.student_id, "")
    line = sparkline_paths(concern.percents)
    course = ", ".join(f"{value:.0f}" for value in concern.percents)
    return ConcernView(
        str(concern.student_id),
        name,
        initials_of(name),
        tone_of(concern.student_id),
        DASH if concern.percent is None else f"{concern.percent:.2f} %",
        list(concern.reasons),
        line.path,
        line.area,
        f"Percent of the last pieces of work of {name}: {course}",
    )


def percent(value: float) -> str:
    return f"{value:.1f} %"
