"""What goes in and what it costs when the message is sent now. The message itself is kept nowhere."""

import hashlib

import reflex as rx

from faraday_app.contexts.orchestration import quotes
from faraday_app.contexts.quote_views import PortionView, QuoteView, portion_views, quote_view
from faraday_app.contexts.service import languages
from faraday_app.contexts.service.branches import LONGEST_MESSAGE
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live


class QuoteState(rx.State):
    portions: list[PortionView] = []
    used: str = ""
    shown: QuoteView = QuoteView()
    problem: str = ""
    language: str = ""

    _context_id: str = ""
    _model: str = ""
    _typing: bool = False
    _sent_mark: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def watch(self, context_id: str):
        """Follow what a conversation would be given, or one that is still to begin."""
        self.reset()
        self._context_id = str(parse_id(context_id)) if context_id else ""
        topics = {topic("context", self._context_id): QuoteState.refresh} if context_id else {}
        async with acting(self) as (_, actor):
            await live.watch(self, "page.quote", topics, actor.user, most_often=2, after=0.4)
        return QuoteState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self):
        """Of the conversation as it is; while somebody writes, what they write is counted instead."""
        if not self._typing:
            await self._quote("")

    @rx.event
    @allow(Permission.assistant_use)
    async def typed(self, text: str):
        text = str(text)[: LONGEST_MESSAGE + 1]
        if self._sent_mark and _mark(text) == self._sent_mark:  # Its last letters arrive after the message itself.
            return
        self._sent_mark, self._typing = "", bool(text.strip())
        await self._quote(text)

    @rx.event
    @allow(Permission.assistant_use)
    async def choose_model(self, name: str):
        """Who shall answer a conversation that is still to begin."""
        self._model, self._typing = str(name)[:120], False
        await self._quote("")

    @rx.event
    @allow(Permission.assistant_use)
    async def choose_language(self, language: str):
        async with acting(self) as (session, actor):
            await languages.choose(session, actor, parse_id(self._context_id), str(language))
        self.language = str(language)

    def _sent(self, text: str) -> None:
        self._typing, self._sent_mark = False, _mark(text)

    async def _quote(self, text: str) -> None:
        """Nothing for those who may only read; what is wrong with the message, before it is sent."""
        self.problem = ""
        try:
            async with acting(self) as (session, actor):
                context_id = parse_id(self._context_id) if self._context_id else None
                found = await quotes.quote(session, actor, context_id, text, self._model)
        except Invalid as refusal:
            self.problem, self.shown = refusal.message, QuoteView()
            return
        except FaradayError:
            self.portions, self.used, self.shown = [], "", QuoteView()
            return
        spread = found.one.ready.spread
        if spread:
            self.portions = portion_views(spread.window, spread.portions)
            self.used = f"{sum(each.tokens for each in spread.portions):,} of {spread.window:,} tokens"
        self.shown, self.language = quote_view(found), found.language


def _mark(text: str) -> str:
    """By this a message is known again without being kept."""
    return hashlib.sha256(text.strip().encode(errors="replace")).hexdigest()
