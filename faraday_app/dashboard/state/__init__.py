"""What the first page shows."""

from faraday_app.dashboard.state.classroom import ClassroomState, PostedView
from faraday_app.dashboard.state.home import HappenedView, HomeState, OnlineView

__all__ = ["ClassroomState", "HappenedView", "HomeState", "OnlineView", "PostedView"]
