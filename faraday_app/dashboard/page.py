"""The first page after signing in."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.dashboard.components import (
    activity_tile,
    credits_tile,
    family_tiles,
    online_tile,
    recent_tile,
    to_grade_tile,
)
from faraday_app.dashboard.state import ClassroomState, HomeState
from faraday_app.ui.session import Viewer

NAV = ui.Nav("home", "Home", "house", order=0, phone=True)


@ui.page("/", "Home", Permission.home_read, nav=NAV, on_load=[HomeState.load, ClassroomState.enter])
def home_page() -> rx.Component:
    greeting = rx.cond(Viewer.greeting, Viewer.greeting, "Home")
    ask = ui.primary_button("Ask", icon="sparkles", to="/assistant")
    return ui.home_page(
        ui.header(greeting, ui.meta(Viewer.today), actions=[ask]),
        *family_tiles(),
        to_grade_tile(),
        credits_tile(),
        recent_tile(),
        online_tile(),
        activity_tile(),
    )
