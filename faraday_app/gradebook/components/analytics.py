"""The parts of the page of how a class does."""

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.figure_views import BandView, ConcernView, WorkFiguresView
from faraday_app.gradebook.state.analytics import AnalyticsState


def figures_tiles() -> rx.Component:
    """The class in four figures, and how its grades are spread."""
    figures = AnalyticsState.figures
    return ui.tiles(
        ui.tile("Mean", "sigma", figure=_figure(figures.mean), caption=figures.students, span=3),
        ui.tile("Median", "align_center_vertical", figure=_figure(figures.median), caption="Half are above", span=3),
        ui.tile(
            "Deviation", "move_horizontal", figure=_figure(figures.deviation), caption="Percent points, usual", span=3
        ),
        ui.tile("Middle half", "chart_candlestick", figure=_figure(figures.quartiles), caption=figures.span, span=3),
        ui.tile("Which grades are there now?", "chart_column", _spread(), span=12),
    )


def _figure(text: rx.Var[str]) -> rx.Component:
    return rx.cond(AnalyticsState.loading, ui.skeleton_lines(1), text)


def _spread() -> rx.Component:
    words = rx.el.table(
        rx.el.caption("How many students have each grade"),
        rx.el.tbody(rx.foreach(AnalyticsState.bands, _band_row)),
        class_name="hidden",
    )
    chart = ui.bars(
        AnalyticsState.bands.map(lambda band: band.name),
        AnalyticsState.bands.map(lambda band: band.count),
        AnalyticsState.bands.map(lambda band: band.words),
    )
    nothing = rx.el.p(
        rx.cond(
            AnalyticsState.figures.suppressed,
            "There are fewer than five students: figures of so few are shown to their teachers only.",
            "As soon as something is graded, the grades stand here.",
        ),
        class_name="muted",
    )
    shown = rx.cond(AnalyticsState.bands, rx.fragment(chart, words), nothing)
    return rx.cond(AnalyticsState.loading, ui.skeleton_lines(4), shown)


def _band_row(band: BandView) -> rx.Component:
    return rx.el.tr(rx.el.td(band.name), rx.el.td(band.count), key=band.name)


def concerns_table() -> rx.Component:
    """Whom to look after, with the reasons; those with the most reasons first."""
    return ui.data_table(
        "Whom to look after",
        [
            ui.Column("Student", _student, width="26%"),
            ui.Column("Now", lambda row: rx.el.span(row.percent, class_name="num"), width="12%", align="end"),
            ui.Column("Why", _reasons),
            ui.Column("Course", _course, width="140px", phone="hide"),
        ],
        AnalyticsState.concerns,
        empty=ui.Empty("party_popper", "Nobody stands out", "Missing, late or falling work of a student is told here."),
        loading=AnalyticsState.loading,
        error=AnalyticsState.error,
        retry=AnalyticsState.refresh,
    )


def _student(row: ConcernView) -> rx.Component:
    return rx.el.span(ui.avatar(row.initials, row.tone), rx.el.span(row.name, class_name="title"), class_name="row")


def _reasons(row: ConcernView) -> rx.Component:
    return rx.el.ul(rx.foreach(row.reasons, lambda reason: rx.el.li(reason, key=reason)), class_name="bare")


def _course(row: ConcernView) -> rx.Component:
    return rx.cond(row.path, ui.sparkline(row.path, row.area, row.course), rx.fragment())


def work_table() -> rx.Component:
    """Each piece of work: how hard it was, and whether it tells strong from weak."""
    return ui.data_table(
        "Each piece of work",
        [
            ui.Column("Work", _work, width="30%"),
            ui.Column("Graded", lambda row: _number(row.graded), align="end"),
            ui.Column("Missing", lambda row: _number(row.missing), align="end"),
            ui.Column("Mean", lambda row: _number(row.mean), align="end"),
            ui.Column("Median", lambda row: _number(row.median), align="end", phone="hide"),
            ui.Column("σ", lambda row: _number(row.deviation), align="end", phone="hide"),
            ui.Column("Difficulty", lambda row: _number(row.difficulty), align="end", phone="hide"),
            ui.Column("Discrimination", lambda row: _number(row.discrimination), align="end", phone="hide"),
        ],
        AnalyticsState.work,
        empty=ui.Empty("clipboard_list", "No work is published", "What students are given stands here."),
        loading=AnalyticsState.loading,
        error=AnalyticsState.error,
        retry=AnalyticsState.refresh,
    )


def _work(row: WorkFiguresView) -> rx.Component:
    hint = rx.cond(row.hint, ui.badge(row.hint, row.tone), rx.fragment())
    return rx.el.span(rx.el.span(row.title, class_name="title"), " ", hint)


def _number(text: rx.Var[str]) -> rx.Component:
    return rx.el.span(text, class_name="num")


def figures_notes() -> rx.Component:
    """What the words of the table mean."""
    return rx.el.p(
        "Difficulty is the share of points that was lost, from 0 to 1. Discrimination is how far those who do well"
        " elsewhere do well here, from −1 to 1; it is told from eight students on.",
        class_name="meta",
    )
