"""The rules of a class: a form, and what they would come to before they are saved."""

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.state.policy import PolicyState
from faraday_app.gradebook.views import GroupView, PreviewRow

BY = [("best_total", "the best total"), ("item_percent", "lowest percent")]


def policy_dialog() -> rx.Component:
    return ui.dialog(
        "Rules of this gradebook",
        "See what they come to before you save them.",
        rx.cond(PolicyState.problem != "", ui.callout(PolicyState.problem, "red"), rx.fragment()),
        rx.el.div(_form(), hidden=PolicyState.previewed),
        rx.cond(PolicyState.previewed, _preview(), rx.fragment()),
        open=PolicyState.open,
        on_open_change=PolicyState.set_open,
        width="800px",
    )


def _form() -> rx.Component:
    policy = PolicyState.policy
    return rx.el.form(
        rx.el.div(
            _select("scheme", "Total", policy.scheme, [("points", "By points"), ("weighted", "By weight of groups")]),
            _select(
                "posting", "Posting", policy.posting, [("automatic", "As soon as graded"), ("manual", "When I post")]
            ),
            _field("cap", "Highest percent", policy.cap, "none"),
            _field("missing_percent", "Missing work loses, %", policy.missing_percent, "stays ungraded"),
            class_name="policy-grid",
        ),
        rx.el.fieldset(
            rx.el.legend("Late work", class_name="h2"),
            rx.el.div(
                _select(
                    "late",
                    "Loses",
                    policy.late,
                    [("none", "nothing"), ("day", "per day"), ("hour", "per hour"), ("table", "by a table")],
                ),
                _field("percent", "Percent", policy.percent, "10"),
                _field("floor", "Never below, %", policy.floor, "0"),
                class_name="policy-grid",
            ),
            _area("tiers", "Table: hours and percent", policy.tiers, "0 5\n24 20"),
            class_name="policy-set policy-late",
        ),
        rx.el.fieldset(
            rx.el.legend("Groups", class_name="h2"), rx.foreach(PolicyState.groups, _group), class_name="policy-set"
        ),
        rx.el.fieldset(
            rx.el.legend("Scale", class_name="h2"),
            rx.el.div(_scale(), class_name="policy-grid"),
            rx.el.div(
                _area("letters", "Letters, and the percent from which each begins", policy.letters, "A 94\nF 0"),
                key="letters" + policy.letters,
            ),
            class_name="policy-set",
        ),
        ui.check_field(
            "weighted_periods",
            "Combine grading periods by their weight",
            default_checked=policy.weighted_periods,
            key="periods" + policy.version.to_string(),
        ),
        rx.el.div(ui.primary_button("Preview", type="submit"), class_name="row grid-foot"),
        on_submit=PolicyState.show,
        class_name="stack",
    )


def _group(group: rx.Var[GroupView]) -> rx.Component:
    return rx.el.div(
        rx.el.span(group.name, class_name="strong clip policy-name"),
        _field("weight-" + group.id, "Weight, %", group.weight, "none"),
        _field("lowest-" + group.id, "Drop lowest", group.lowest, "0"),
        _field("highest-" + group.id, "Drop highest", group.highest, "0"),
        _select(
            "by-" + group.id,
            "Drop for",
            group.by,
            [("best_total", "the best total"), ("item_percent", "lowest percent")],
        ),
        class_name="policy-grid policy-group",
        key=group.id,
    )


def _scale() -> rx.Component:
    """Fills the field below; what is changed there is a scale of one's own."""
    options = [
        ("letters", "Letters A to F"),
        ("mastery", "Mastery 1 to 4"),
        ("points", "Grade points 0 to 4"),
        ("", "Your own"),
    ]
    select = rx.el.select(
        *(rx.el.option(words, value=key) for key, words in options),
        value=PolicyState.policy.scale,
        on_change=PolicyState.set_scale,
        class_name="input",
    )
    return rx.el.label(ui.meta("Totals are said in"), select, class_name="policy-field")


def _field(name: str | rx.Var[str], label: str, value: rx.Var[str], placeholder: str) -> rx.Component:
    field = rx.el.input(name=name, default_value=value, placeholder=placeholder, class_name="input", max_length=20)
    return rx.el.label(ui.meta(label), field, class_name="policy-field")


def _area(name: str, label: str, value: rx.Var[str], placeholder: str) -> rx.Component:
    field = rx.el.textarea(name=name, default_value=value, placeholder=placeholder, class_name="input", rows="4")
    return rx.el.label(ui.meta(label), field, class_name="policy-field")


def _select(name: str | rx.Var[str], label: str, value: rx.Var[str], choices: list[tuple[str, str]]) -> rx.Component:
    options = [rx.el.option(words, value=key) for key, words in choices]
    return rx.el.label(
        ui.meta(label),
        rx.el.select(*options, name=name, default_value=value, class_name="input"),
        class_name="policy-field",
    )


def _preview() -> rx.Component:
    """Old and new of each student whose grade changes, those whose letter flips first."""
    head = rx.el.tr(*(rx.el.th(words, scope="col") for words in ("Student", "Now", "Then")))
    table = rx.el.table(rx.el.thead(head), rx.el.tbody(rx.foreach(PolicyState.rows, _row)), class_name="policy-table")
    warned = rx.el.div(
        ui.callout("With these rules one more point can lower a total:", "amber"),
        rx.el.ul(rx.foreach(PolicyState.warnings, lambda words: rx.el.li(words, key=words))),
        class_name="stack",
    )
    return rx.el.div(
        rx.el.p(PolicyState.summary, class_name="strong", role="status"),
        rx.cond(PolicyState.warnings.length() > 0, warned, rx.fragment()),
        rx.cond(PolicyState.rows.length() > 0, rx.el.div(table, class_name="policy-scroll"), rx.fragment()),
        rx.el.div(
            ui.secondary_button("Change again", on_click=PolicyState.change_again),
            ui.primary_button("Save these rules", on_click=PolicyState.save),
            class_name="row grid-foot",
        ),
        class_name="stack",
    )


def _row(row: rx.Var[PreviewRow]) -> rx.Component:
    flips = rx.cond(row.flips, ui.badge("letter flips", "amber"), rx.fragment())
    after = rx.el.td(rx.el.span(row.after, " ", flips, class_name="row"), class_name="num")
    return rx.el.tr(rx.el.td(row.name), rx.el.td(row.before, class_name="num"), after, key=row.id)
