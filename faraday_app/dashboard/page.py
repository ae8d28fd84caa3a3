"""The first page after signing in."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.ui.session import Viewer


@ui.page("/", "Home", Permission.home_read, nav=ui.Nav("home", "Home", "house", order=0, phone=True))
def home_page() -> rx.Component:
    return ui.home_page(ui.header(Viewer.greeting, ui.meta(Viewer.today)))
