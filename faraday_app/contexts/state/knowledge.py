"""The files that the GPT in the editor answers from."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app.contexts.data_views import KnownView, known_view
from faraday_app.contexts.service import knowledge, passages
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live

FIELD = "knowledge_files"  # where files are chosen


class KnowledgeState(rx.State):
    """``by_words``: this installation finds passages by their words alone."""

    files: list[KnownView] = []
    loaded: bool = False
    sending: bool = False
    problem: str = ""
    by_words: bool = False

    _gpt_id: str = ""

    @rx.event
    @allow(Permission.gpts_manage)
    async def watch(self, gpt_id: str):
        """Follow what a GPT of one's own knows."""
        self.reset()
        self._gpt_id = str(parse_id(gpt_id))
        async with acting(self) as (session, actor):
            self.by_words = not await passages.by_meaning(session)
            topics = {topic("knowledge", self._gpt_id): KnowledgeState.refresh}
            await live.watch(self, "page.knowledge", topics, actor.user, most_often=0.5)
        return KnowledgeState.refresh

    @rx.event
    @allow(Permission.gpts_manage)
    async def refresh(self):
        if not self._gpt_id:
            return
        try:
            async with acting(self) as (session, actor):
                found = await knowledge.listed(session, actor, UUID(self._gpt_id))
        except FaradayError as error:
            self.reset()
            self.problem = error.message
            return
        self.files, self.loaded = [known_view(each) for each in found], True

    @rx.event
    @allow(Permission.gpts_manage)
    async def send(self) -> Any:
        """Have the browser send the chosen files over HTTP."""
        self.sending, self.problem = True, ""
        to = f"/api/v1/gpts/{parse_id(self._gpt_id)}/knowledge/files"
        return browser.asked("send_files", FIELD, to, then=KnowledgeState.sent)

    @rx.event
    @allow(Permission.gpts_manage)
    async def sent(self, wrong: list[str]) -> Any:
        """What went wrong, in the browser's words."""
        self.sending = False
        self.problem = " ".join(str(each)[:300] for each in wrong[:5]) if isinstance(wrong, list) else ""
        return KnowledgeState.refresh

    @rx.event
    @allow(Permission.gpts_manage)
    async def remove(self, knowledge_id: str) -> Any:
        async with acting(self) as (session, actor):
            await knowledge.remove(session, actor, parse_id(self._gpt_id), parse_id(knowledge_id))
        return KnowledgeState.refresh

    @rx.event
    @allow(Permission.gpts_manage)
    async def again(self, knowledge_id: str) -> Any:
        async with acting(self) as (session, actor):
            await knowledge.again(session, actor, parse_id(self._gpt_id), parse_id(knowledge_id))
        return KnowledgeState.refresh
