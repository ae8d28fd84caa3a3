"""What the trail is proved with, as far as it goes today."""

import reflex as rx

from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.security.service import sealed
from faraday_app.security.views import ProofView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import short

SEALS_WITHIN = 5.0  # seconds, mostly


@passing
class AuditProofState(rx.State):
    proof: ProofView = ProofView()
    loaded: bool = False
    open: bool = False

    @rx.event
    @allow(Permission.audit_read)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            here = {topic(kind, actor.organization): AuditProofState.refresh for kind in ("audit", "calls")}
            await live.watch(self, "page.audit_proof", here, actor.user, most_often=SEALS_WITHIN, after=SEALS_WITHIN)
        await self._load()

    @rx.event
    @allow(Permission.audit_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.audit_read)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            blocks = await sealed.blocks(session, actor, limit=1)
            roots = await sealed.roots(session, actor, limit=1)
        proof = ProofView()
        if blocks:
            block = blocks[0]
            events = f"{block.count:,} event{'s' * (block.count != 1)}"
            proof = ProofView(f"Block {block.number:,}", f"{events}, sealed {short(block.sealed_at, zone)}")
        if roots:
            root = roots[0]
            which = f"{root.first_number:,}–{root.last_number:,}"
            about = f"Blocks {which}" if root.first_number != root.last_number else f"Block {root.first_number:,}"
            proof = ProofView(proof.block, proof.block_about, f"{root.day.day} {root.day:%b %Y}", f"{about}, UTC")
        self.proof, self.loaded = proof, True
