"""The assistant, the GPTs that answer in it, and the backups of what was said."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components import (
    backups_dialogs,
    backups_lead,
    backups_table,
    composer,
    conflict_dialog,
    data_dialog,
    export_dialog,
    field_dialog,
    gpt_dialog,
    gpts_filters,
    gpts_table,
    here_now,
    history_of_gpt,
    import_dialog,
    inspector,
    listing,
    memories_filters,
    memories_table,
    memory_dialog,
    pack_dialog,
    share_dialog,
    shares_dialog,
    template_body,
    template_side,
    templates_filters,
    templates_import,
    templates_table,
    thread,
    use_figures,
    use_filters,
    use_table,
    why_dialog,
)
from faraday_app.contexts.state import (
    BackupsState,
    GptEditorState,
    GptsState,
    ListingState,
    MemoriesState,
    MemoryEditorState,
    PacksState,
    SharingState,
    TemplatesState,
    TemplateState,
    ThreadState,
    UseState,
)
from faraday_app.core.permissions import Permission

NAV = ui.Nav("assistant", "Assistant", "sparkles", order=10, phone=True)
GPTS = ui.Nav("gpts", "GPTs", "bot", order=12)
MEMORY = ui.Nav("memory", "Memory", "brain", order=14)
TEMPLATES = ui.Nav("templates", "Templates", "text_cursor_input", order=13)
BACKUPS = ui.Nav("backups", "Backups", "archive_restore", section="Administration", order=29)


@ui.page("/assistant", "Assistant", Permission.assistant_use, nav=NAV, on_load=[ListingState.load, ThreadState.begin])
def begin_page() -> rx.Component:
    return rx.fragment(_workspace(ui.header("Assistant", actions=[_panes()], compact=True)), data_dialog())


@ui.page(
    "/assistant/[conversation]",
    "Conversation",
    Permission.assistant_use,
    place="assistant",
    on_load=[ListingState.load, ThreadState.open],
)
def conversation_page() -> rx.Component:
    title = rx.cond(ThreadState.title, ThreadState.title, "Conversation")
    archived = rx.cond(ThreadState.is_archived, ui.badge("archived"), rx.fragment())
    actions = [_panes(), _new(), _menu(), _share()]
    header = ui.header(title, archived, here_now(), actions=actions, compact=True, back="/assistant")
    dialogs = (share_dialog(), why_dialog(), memory_dialog(), _rename_dialog(), data_dialog())
    return rx.fragment(_workspace(header), *dialogs)


@ui.page(
    "/assistant/history",
    "Use of the assistant",
    Permission.assistant_use,
    place="assistant",
    on_load=[UseState.enter],
)
def use_page() -> rx.Component:
    export = ui.secondary_button("Export CSV", icon="download", on_click=UseState.export)
    header = ui.header("Use of the assistant", actions=[export], back="/assistant")
    return ui.list_page(header, rx.fragment(use_filters(), use_figures()), use_table())


@ui.page("/gpts", "GPTs", Permission.gpts_manage, nav=GPTS, on_load=[GptsState.enter])
def gpts_page() -> rx.Component:
    make = ui.primary_button("New GPT", icon="plus", on_click=GptEditorState.begin)
    bring = ui.secondary_button("Bring in a pack", icon="package_open", on_click=PacksState.set_open(True))
    clash = "This GPT was changed in another place meanwhile. What you do not take stays among its versions."
    choosing = conflict_dialog(GptEditorState, clash)
    dialogs = (gpt_dialog(), shares_dialog(), choosing, history_of_gpt(), pack_dialog(), export_dialog())
    return ui.list_page(
        ui.header("GPTs", actions=[bring, make]),
        gpts_filters(),
        gpts_table(),
        rx.fragment(*dialogs),
    )


@ui.page("/account/memory", "Memory", Permission.assistant_use, nav=MEMORY, on_load=[MemoriesState.enter])
def memory_page() -> rx.Component:
    write = ui.primary_button("Remember something", icon="plus", on_click=MemoryEditorState.begin(""))
    lead = rx.el.p(
        "What answers may build on. What is remembered for you is seen by nobody else, and is used only where you are"
        " alone in a conversation.",
        class_name="muted",
    )
    clear = ui.row_menu(
        "Actions for your memory",
        ui.MenuItem("Forget everything about me", MemoriesState.set_clearing(True), "trash_2", danger=True),
    )
    confirm = ui.confirm_dialog(
        "Forget everything about you?",
        "All that is remembered for you, and all that you gave to conversations. No answer is given it any more, and"
        " the words are erased within a week. What your department remembers stays.",
        open=MemoriesState.clearing,
        on_open_change=MemoriesState.set_clearing,
        confirm="Forget everything",
        on_confirm=MemoriesState.forget_everything,
    )
    filters = rx.fragment(lead, memories_filters())
    return ui.list_page(
        ui.header("Memory", actions=[clear, write]), filters, memories_table(), rx.fragment(memory_dialog(), confirm)
    )


@ui.page("/backups", "Backups", Permission.backups_manage, nav=BACKUPS, on_load=[BackupsState.enter])
def backups_page() -> rx.Component:
    more = ui.row_menu(
        "More about backups",
        ui.MenuItem("When they are made", BackupsState.set_choosing(True), "calendar_clock"),
        ui.MenuItem("Go back to a moment", BackupsState.set_choosing_moment(True), "history"),
    )
    make = ui.primary_button("Back up now", icon="archive", on_click=BackupsState.make, disabled=BackupsState.making)
    header = ui.header("Backups", actions=[more, make])
    return ui.list_page(header, backups_lead(), backups_table(), backups_dialogs())


@ui.page("/templates", "Templates", Permission.templates_manage, nav=TEMPLATES, on_load=[TemplatesState.enter])
def templates_page() -> rx.Component:
    make = ui.primary_button("New template", icon="plus", to="/templates/new")
    header = ui.header("Templates", actions=[make])
    return ui.list_page(header, templates_filters(), templates_table(), templates_import())


@ui.page(
    "/templates/[template]",
    "Template",
    Permission.templates_manage,
    place="templates",
    on_load=[TemplateState.enter],
)
def template_page() -> rx.Component:
    name = rx.cond(TemplateState.name, TemplateState.name, "New template")
    by = rx.cond(TemplateState.shared_by, ui.badge("by " + TemplateState.shared_by), rx.fragment())
    copy = ui.MenuItem("Make a copy", TemplatesState.copy(TemplateState.id), "copy_plus")
    export = ui.MenuItem("Export", TemplatesState.export(TemplateState.id), "download")
    acts = rx.cond(TemplateState.id != "", ui.row_menu("Actions for this template", copy, export), rx.fragment())
    header = ui.header(name, by, actions=[acts], back="/templates")
    crumbs = [("Templates", "/templates")]
    body = ui.detail_page(header, template_body(), panel=template_side(), crumbs=crumbs, here=name)
    return rx.fragment(body, field_dialog())


def _workspace(header: rx.Component) -> rx.Component:
    workspace = ui.workspace_page(
        header,
        thread(),
        foot=composer(),
        list=("Conversations", listing()),
        inspector=("About this conversation", inspector()),
    )
    return rx.fragment(workspace, import_dialog())


def _panes() -> rx.Component:
    return ui.pane_switches(list_label="Conversations", inspector_label="About this conversation")


def _new() -> rx.Component:
    new = ui.secondary_button("New", icon="plus", to="/assistant", aria_label="New conversation")
    return rx.el.span(new, class_name="desk-only")


def _share() -> rx.Component:
    share = ui.primary_button("Share", icon="share_2", on_click=SharingState.set_open(True))
    return rx.cond(ThreadState.is_owner, share, rx.fragment())


def _menu() -> rx.Component:
    away = rx.cond(ThreadState.is_archived, "Bring back", "Archive")
    return ui.row_menu(
        "Actions for this conversation",
        ui.MenuItem("Rename", ThreadState.set_renaming(True), "pencil", shown=ThreadState.may_write),
        ui.MenuItem("Export as Markdown", ThreadState.export("markdown"), "download"),
        ui.MenuItem("Export as PDF", ThreadState.export("pdf"), "file_text"),
        ui.MenuItem("Export as JSON, with all branches", ThreadState.export("json"), "file_json"),
        ui.MenuItem(away, ThreadState.toggle_archived, "archive", shown=ThreadState.is_owner),
    )


def _rename_dialog() -> rx.Component:
    form = rx.el.form(
        ui.text_field("title", "Title", default_value=ThreadState.title, max_length=200, auto_focus=True),
        rx.el.div(ui.primary_button("Rename", type="submit"), class_name="dialog-foot"),
        on_submit=ThreadState.rename,
    )
    return ui.dialog(
        "Rename this conversation",
        "Everybody it is shared with sees the new title.",
        form,
        open=ThreadState.renaming,
        on_open_change=ThreadState.set_renaming,
    )
