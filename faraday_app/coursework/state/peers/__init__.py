"""Reviews that students write of each other's work, as its page has them."""

from faraday_app.coursework.state.peers.plan import PeerPlanState
from faraday_app.coursework.state.peers.tasks import PeerDeskState, PeerTasksState

__all__ = ["PeerDeskState", "PeerPlanState", "PeerTasksState"]
