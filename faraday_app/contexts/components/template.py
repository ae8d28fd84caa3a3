"""One template: its text with a preview that keeps up, its fields, and whom it is for."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.template_results import template_results
from faraday_app.contexts.service.templates.variables import Kind
from faraday_app.contexts.state import TemplateState
from faraday_app.contexts.template_views import VariableView
from faraday_app.core.permissions import Permission

KINDS = [(kind.value, kind.label) for kind in Kind]
HOW = "{{topic}} stands for what is entered. {{?hint}} … {{/hint}} only shows when hint is filled in."


def template_body() -> rx.Component:
    kept = rx.cond(TemplateState.mine, template_results(), _read_only_versions())
    seen = ui.tabs(
        ui.Tab("text", "Text", _editor()),
        ui.Tab("results", "Versions and results", rx.cond(TemplateState.id, kept, _unsaved())),
    )
    return rx.cond(TemplateState.loaded, seen, ui.skeleton_lines(8))


def template_side() -> rx.Component:
    """What comes of it, and whom it is for."""
    shown = rx.el.div(
        rx.html(TemplateState.preview),
        class_name="prose template-preview",
        aria_live="polite",
        role="region",
        aria_label="Preview",
        tab_index=0,
    )
    share = rx.cond(
        (TemplateState.id != "") & TemplateState.mine & ui.allowed(Permission.templates_share), _share(), rx.fragment()
    )
    return rx.el.div(rx.el.h2("Preview"), shown, share, class_name="stack sticky")


def _unsaved() -> rx.Component:
    return rx.el.p("Save it first. Each change is kept as a version.", class_name="muted")


def _read_only_versions() -> rx.Component:
    return rx.el.p(
        "Version ", TemplateState.number, ". Its owner sees what it came to. Make a copy to change it.",
        class_name="muted",
    )  # fmt: skip


def _editor() -> rx.Component:
    def line(what: str, label: str, value: rx.Var[str], **more: object) -> rx.Component:
        return ui.text_field(
            f"template_{what}",
            label,
            value=value,
            on_change=lambda text: TemplateState.set_about(what, text),
            read_only=~TemplateState.mine,
            **more,
        )

    problem = rx.el.div(ui.callout(TemplateState.problem, "red"), role="alert")
    suggested = rx.el.datalist(
        rx.foreach(TemplateState.categories, lambda each: rx.el.option(value=each)), id="template-categories"
    )
    return rx.el.div(
        rx.cond(TemplateState.problem, problem, rx.fragment()),
        rx.el.div(
            line("name", "Name", TemplateState.name, max_length=80),
            line("category", "Category", TemplateState.category, max_length=40, list="template-categories"),
            class_name="pair",
        ),
        suggested,
        line("about", "What it is for", TemplateState.about, max_length=300),
        ui.textarea_field(
            "template_text",
            "Text",
            value=TemplateState.text,
            on_change=TemplateState.set_text,
            error=TemplateState.mistake,
            help=HOW,
            rows=10,
            read_only=~TemplateState.mine,
        ),
        _fields(),
        rx.cond(
            TemplateState.id != "",
            line("note", "What is new in this version", TemplateState.note, max_length=200),
            rx.fragment(),
        ),
        ui.save_bar(
            dirty=TemplateState.dirty & TemplateState.mine,
            on_discard=TemplateState.discard,
            on_save=TemplateState.save,
        ),
        class_name="stack",
    )


def _fields() -> rx.Component:
    nothing = rx.el.p("Nothing is asked for. Write {{a_name}} where something shall be filled in.", class_name="muted")
    return rx.fragment(
        rx.el.h2("What is asked for"),
        rx.cond(TemplateState.variables, ui.rows(rx.foreach(TemplateState.variables, _field)), nothing),
    )


def _field(field: VariableView) -> rx.Component:
    edit = ui.secondary_button(
        "Edit", size="small", on_click=TemplateState.edit_field(field.name), aria_label="Edit " + field.label
    )
    drop = ui.icon_button("Remove " + field.label, "x", size="small", on_click=TemplateState.drop_field(field.name))
    unused = rx.cond(field.used, rx.fragment(), rx.fragment(ui.badge("not in the text", "amber"), drop))
    return ui.row_item(
        field.label, field.about, trailing=rx.fragment(unused, rx.cond(TemplateState.mine, edit, rx.fragment())),
        key=field.name,
    )  # fmt: skip


def field_dialog() -> rx.Component:
    return ui.dialog(
        "Field “" + TemplateState.editing + "”",
        "What whoever uses the template is asked for. It is checked when it is filled in.",
        _field_form(),
        open=TemplateState.editing != "",
        on_open_change=TemplateState.close_field,
        width="520px",
    )


def _field_form() -> rx.Component:
    edited, kind = TemplateState.edited, TemplateState.kind

    def line(name: str, label: str, **more: object) -> rx.Component:
        return ui.text_field(name, label, default_value=edited[name], **more)

    lengths = rx.el.div(
        line("shortest", "Shortest, in characters", type="number", min="0"),
        line("longest", "Longest, in characters", type="number", min="1"),
        class_name="pair",
    )
    pattern = line("pattern", "Form", max_length=120, help="A pattern the whole entry has to match, like [A-Z]{2}\\d+.")
    numbers = rx.fragment(
        rx.el.div(
            line("least", "Least", type="number", step="any"),
            line("most", "Most", type="number", step="any"),
            class_name="pair",
        ),
        ui.check_field("whole", "Whole numbers only", default_checked=TemplateState.flags["whole"]),
    )
    days = rx.el.div(
        line("earliest", "Not before", type="date"), line("latest", "Not after", type="date"), class_name="pair"
    )
    choices = ui.textarea_field("choices", "Choices, one a line", default_value=edited["choices"], rows=4)
    rules = rx.match(
        kind,
        ("number", numbers),
        ("date", days),
        ("choice", choices),
        ("yes_no", rx.fragment()),
        rx.fragment(lengths, pattern),
    )
    problem = rx.el.div(ui.callout(TemplateState.field_problem, "red"), role="alert")
    return rx.el.form(
        rx.cond(TemplateState.field_problem, problem, rx.fragment()),
        line("label", "Question", max_length=80),
        ui.select_field("kind", "Kind", KINDS, value=kind, on_change=TemplateState.set_kind),
        line("help", "Help below it", max_length=200),
        rules,
        line("default", "Already filled in with"),
        rx.cond(
            kind == "yes_no",
            rx.fragment(),
            ui.check_field("required", "Has to be filled in", default_checked=TemplateState.flags["required"]),
        ),
        rx.el.div(
            ui.secondary_button("Cancel", on_click=TemplateState.close_field(False)),
            ui.primary_button("Done", type="submit"),
            class_name="dialog-foot",
        ),
        on_submit=TemplateState.save_field,
        class_name="stack",
        key=TemplateState.editing,
    )


def _share() -> rx.Component:
    def role(each: rx.Var[tuple[str, str, bool]]) -> rx.Component:
        return ui.check_field("role-" + each[0], each[1], default_checked=each[2], key=each[0])

    roles = rx.el.div(rx.foreach(TemplateState.roles, role), class_name="stack", role="group", aria_label="Roles")
    return rx.el.form(
        rx.el.h2("Who may use it"),
        ui.select_field(
            "audience",
            "For",
            [("me", "Only you"), ("roles", "Some roles"), ("organization", "Everybody here")],
            value=TemplateState.audience,
            on_change=TemplateState.set_audience,
        ),
        rx.cond(TemplateState.audience == "roles", roles, rx.fragment()),
        ui.secondary_button("Save who may use it", type="submit", size="small"),
        on_submit=TemplateState.share,
        class_name="stack",
    )
