"""What a student and their guardians read of a piece of work."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.gradebook.components.feedback import feedback, whose
from faraday_app.gradebook.state.feedback import FeedbackState


@ui.page("/class/feedback", "Feedback", Permission.gradebook_read, place="assignments", on_load=[FeedbackState.enter])
def feedback_page() -> rx.Component:
    header = ui.header(
        rx.cond(FeedbackState.title, FeedbackState.title, "Feedback"),
        back=rx.Var.create("/assignment?id=") + FeedbackState.assignment_id,
    )
    body = rx.el.div(whose(), feedback(), class_name="content stack")
    gone = rx.el.div(ui.error_state(FeedbackState.problem), class_name="content")
    return rx.fragment(header, rx.cond(FeedbackState.problem, gone, body))
