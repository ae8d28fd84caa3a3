"""Opening the page of the trail."""

from typing import Any

import reflex as rx

from faraday_app.core.permissions import Permission
from faraday_app.security.state.audit import AuditState
from faraday_app.security.state.audit_event import EventState
from faraday_app.security.state.audit_proof import AuditProofState
from faraday_app.security.state.audit_searches import AuditSearchesState
from faraday_app.ui.guard import allow


class AuditPageState(rx.State):
    @rx.event
    @allow(Permission.audit_read)
    async def enter(self) -> Any:
        """One event of the browser, so that whoever may not is refused once."""
        return [AuditState.enter, AuditSearchesState.enter, AuditProofState.enter, EventState.enter]
