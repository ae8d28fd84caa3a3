"""The parts of the page of backups."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.backup_views import EVERY, BackupView, FoundView
from faraday_app.contexts.state import BackupsState


def backups_lead() -> rx.Component:
    """When they are made, and what a restore that is under way has come to."""
    text = (
        "Conversations, messages, GPTs and all that belongs to them, sealed with your organisation’s key. Each backup"
        " is read back whole and compared before it counts as good."
    )
    when = rx.match(
        BackupsState.every,
        ("off", "Not made by itself."),
        ("week", "Made every week, next on " + BackupsState.next_at + "."),
        "Made every day, next on " + BackupsState.next_at + ".",
    )
    kept = rx.el.span(" The newest ", BackupsState.keep, " good ones are kept.")
    return rx.el.div(
        rx.el.p(text, class_name="muted", style={"maxWidth": "70ch"}),
        rx.cond(BackupsState.loading, ui.skeleton_lines(1), rx.el.p(when, kept, class_name="meta")),
        rx.cond(BackupsState.restore.id, _restore(), rx.fragment()),
        class_name="stack",
    )


def backups_table() -> rx.Component:
    make = ui.secondary_button("Make one now", on_click=BackupsState.make)
    return ui.data_table(
        "Backups, newest first",
        [
            ui.Column("Made", _made, width="24%"),
            ui.Column("State", _state),
            ui.Column("Holds", lambda row: rx.el.span(row.holds, class_name="num")),
            ui.Column("Size", lambda row: rx.el.span(row.size, class_name="num")),
            ui.Column("Took", lambda row: rx.el.span(row.took, class_name="num"), phone="hide"),
        ],
        BackupsState.rows,
        empty=ui.Empty("archive_restore", "No backups yet", "The first is made in the night, or now.", make),
        loading=BackupsState.loading,
        error=BackupsState.error,
        retry=BackupsState.refresh,
        menu=_menu,
        footer=ui.pager(
            BackupsState.shown,
            on_previous=BackupsState.previous_page,
            on_next=BackupsState.next_page,
            has_previous=BackupsState.has_previous,
            has_next=BackupsState.has_next,
        ),
    )


def backups_dialogs() -> rx.Component:
    return rx.fragment(_schedule_dialog(), _moment_dialog(), _restore_dialog())


def _made(row: BackupView) -> rx.Component:
    return rx.el.span(rx.el.span(row.made, class_name="num"), " ", rx.el.span(row.by, class_name="meta"))


def _state(row: BackupView) -> rx.Component:
    meter = rx.cond(row.is_open, ui.meter("Done so far", row.percent), rx.fragment())
    why = rx.cond(row.why, rx.el.span(row.why, class_name="meta"), rx.fragment())
    return rx.el.span(ui.badge(row.state, row.tone), meter, why, class_name="row wrap")


def _menu(row: BackupView) -> rx.Component:
    label = "Actions for the backup of " + row.made
    restore = ui.row_menu(label, ui.MenuItem("Restore …", BackupsState.pick(row.id), "archive_restore"))
    return rx.cond(row.is_good, restore, rx.fragment())


def _restore() -> rx.Component:
    """What was found, and the one act that follows."""
    restore = BackupsState.restore
    table = rx.cond(BackupsState.found, ui.fold("What was found", _found()), rx.fragment())
    act = rx.cond(
        restore.is_ready,
        rx.el.div(
            ui.primary_button("Bring it back", icon="archive_restore", on_click=BackupsState.confirm),
            ui.secondary_button("Call it off", on_click=BackupsState.call_off),
            class_name="row",
        ),
        rx.cond(
            restore.is_nothing,
            _nothing_to_do(),
            rx.cond(restore.is_open, ui.meter("Done so far", restore.percent), rx.fragment()),
        ),
    )
    body = rx.el.div(
        rx.el.p(rx.el.strong(restore.about)),
        rx.el.p(restore.says, role="status"),
        rx.cond(restore.sum, rx.el.p(restore.sum, class_name="num"), rx.fragment()),
        rx.cond(restore.busy, rx.el.p(restore.busy), rx.fragment()),
        table,
        act,
        class_name="stack",
    )
    return rx.cond(
        restore.failed,
        ui.callout(body, "amber"),
        rx.cond(restore.is_open, ui.callout(body, "iris"), ui.callout(body, "green")),
    )


def _nothing_to_do() -> rx.Component:
    files = ui.secondary_button("Put lost files back", on_click=BackupsState.confirm)
    return rx.el.div(
        ui.primary_button("Close", on_click=BackupsState.call_off),
        rx.cond(BackupsState.restore.has_files, files, rx.fragment()),
        class_name="row",
    )


def _found() -> rx.Component:
    names = ("New", "Changed", "The same", "Left as it is")
    return ui.figure_table("What was found", names, rx.foreach(BackupsState.found, _found_line))


def _found_line(line: FoundView) -> rx.Component:
    return ui.figure_line(line.name, line.new, line.changed, line.same, line.left, key=line.name)


def _schedule_dialog() -> rx.Component:
    form = rx.el.form(
        ui.select_field("every", "How often", EVERY, default_value=BackupsState.every),
        ui.text_field(
            "keep",
            "How many good ones to keep",
            type="number",
            min=1,
            max=90,
            default_value=BackupsState.keep.to_string(),
        ),
        _problem(),
        rx.el.div(ui.primary_button("Save", type="submit"), class_name="dialog-foot"),
        on_submit=BackupsState.choose,
        class_name="stack",
    )
    return ui.dialog(
        "When backups are made",
        "They are made in the night (UTC), the weekly ones on Sundays. Older ones go when a new one was found good.",
        form,
        open=BackupsState.choosing,
        on_open_change=BackupsState.set_choosing,
    )


def _moment_dialog() -> rx.Component:
    form = rx.el.form(
        ui.text_field("moment", "Day and time", type="datetime-local", required=True),
        _problem(),
        rx.el.div(ui.primary_button("Find the backup", type="submit"), class_name="dialog-foot"),
        on_submit=BackupsState.pick_moment,
        class_name="stack",
    )
    return ui.dialog(
        "Go back to a moment",
        "Faraday takes the newest good backup before it. What was written between the two is not in it.",
        form,
        open=BackupsState.choosing_moment,
        on_open_change=BackupsState.set_choosing_moment,
    )


def _restore_dialog() -> rx.Component:
    form = rx.el.form(
        rx.cond(BackupsState.note, ui.callout(BackupsState.note, "iris"), rx.fragment()),
        ui.text_field(
            "conversation",
            "Only one conversation",
            help="Paste its address. Leave it empty for everything.",
            auto_complete="off",
        ),
        ui.check_field(
            "put_back",
            "Also set back what has changed since",
            help="Without it only what is missing comes back. What was written since stays in both cases.",
        ),
        _problem(),
        rx.el.div(ui.primary_button("See what would happen", type="submit"), class_name="dialog-foot"),
        on_submit=BackupsState.compare,
        class_name="stack",
    )
    return ui.dialog(
        "Restore the backup of " + BackupsState.picked_made,
        "First it is compared with what is there. Nothing changes until you confirm.",
        form,
        open=BackupsState.asking,
        on_open_change=BackupsState.set_asking,
    )


def _problem() -> rx.Component:
    return rx.cond(
        BackupsState.problem, rx.el.div(ui.callout(BackupsState.problem, "red"), role="alert"), rx.fragment()
    )
