"""Who sees the grades of one piece of work: what they see now, and everything that changes it."""

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.posting_views import ReleaseView, SightView
from faraday_app.gradebook.state.posting import PostingState

WAYS = [("automatic", "As soon as they are graded"), ("manual", "When you post them")]
RELEASES = [("posted", "As soon as posted"), ("from", "From a moment on"), ("hidden", "Not until further notice")]


def posting_dialog() -> rx.Component:
    view = PostingState.showing
    return ui.dialog(
        rx.fragment("Who sees “", view.title, "”"),
        view.words,
        rx.cond(PostingState.problem != "", ui.callout(PostingState.problem, "red"), rx.fragment()),
        rx.el.div(rx.foreach(view.sights, _sight), class_name="posting-sights", role="status"),
        _posting(),
        _releases(),
        open=PostingState.open,
        on_open_change=PostingState.set_open,
        width="600px",
    )


def _sight(sight: rx.Var[SightView]) -> rx.Component:
    head = rx.el.div(rx.el.span(sight.title, class_name="strong"), ui.badge(sight.state, sight.tone), class_name="row")
    return rx.el.div(head, rx.el.p(sight.words, class_name="muted"), class_name="posting-sight", key=sight.audience)


def _posting() -> rx.Component:
    view = PostingState.showing
    whom = rx.cond(
        view.sections.length() > 0,
        rx.el.select(
            rx.el.option("All sections", value=""),
            rx.foreach(view.sections, lambda part: rx.el.option(part.words, value=part.id)),
            value=PostingState.section,
            on_change=PostingState.set_section,
            aria_label="Whose",
            class_name="input",
        ),
        rx.fragment(),
    )
    back = rx.cond(
        PostingState.can_undo,
        ui.ghost_button("Take it back", icon="undo_2", on_click=PostingState.take_back),
        rx.fragment(),
    )
    way = rx.el.select(
        rx.el.option(view.of_class, value=""),
        *(rx.el.option(words, value=key) for key, words in WAYS),
        value=view.own,
        on_change=PostingState.set_way,
        id="posting-way",
        class_name="input",
    )
    return rx.el.section(
        rx.el.h3("Posting", class_name="h2"),
        whom,
        rx.el.div(
            ui.secondary_button(
                "Post what is graded", icon="send", on_click=PostingState.post, disabled=view.waiting == 0
            ),
            ui.secondary_button("Post for everyone", on_click=PostingState.post_for_everyone),
            ui.secondary_button("Hide again", icon="eye_off", on_click=PostingState.hide, disabled=view.posted == 0),
            back,
            class_name="row",
        ),
        ui.form_field("posting-way", "Later grades are posted", way),
        class_name="posting-set",
        aria_label="Posting",
    )


def _releases() -> rx.Component:
    return rx.el.section(
        rx.el.h3("Release", class_name="h2"),
        rx.el.p("What is posted reaches each of them from then on, in your time zone.", class_name="muted"),
        rx.foreach(PostingState.releases, _release),
        rx.el.div(
            ui.secondary_button("Show everything to both now", icon="eye", on_click=PostingState.show_to_all),
            class_name="row",
        ),
        class_name="posting-set",
        aria_label="Release",
    )


def _release(sight: rx.Var[ReleaseView]) -> rx.Component:
    """A form of its own for each. What another teacher sets meanwhile is said under it, and takes nothing away."""
    how = rx.el.select(
        *(rx.el.option(words, value=key) for key, words in RELEASES),
        name="how",
        default_value=sight.how,
        aria_label=sight.title + ": released",
        class_name="input",
    )
    moment = rx.el.input(
        type="datetime-local",
        name="moment",
        default_value=sight.moment,
        aria_label=sight.title + ": from when",
        class_name="input",
    )
    clash = rx.el.div(
        ui.callout(sight.clash, "amber"),
        ui.ghost_button("Keep theirs", size="small", on_click=PostingState.take_theirs(sight.audience)),
        class_name="stack",
    )
    return rx.el.form(
        rx.el.input(type="hidden", name="audience", value=sight.audience),
        rx.el.div(
            rx.el.span(sight.title, class_name="strong"),
            how,
            moment,
            ui.secondary_button(rx.cond(sight.clash, "Set mine", "Set"), type="submit"),
            class_name="row wrap",
        ),
        rx.cond(sight.clash, clash, rx.fragment()),
        on_submit=PostingState.release,
        key=sight.edition,
        class_name="stack",
    )
