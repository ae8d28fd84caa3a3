"""Why something was allowed or blocked."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app.core.authorization import Decision, Step
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError, Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.organizations.service import decisions, people
from faraday_app.organizations.service.roles import PATTERNS
from faraday_app.organizations.state.holders import candidate
from faraday_app.organizations.views.roles import NOBODY, CandidateView, StepView, pattern_words, permission_words
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import field_text, moment_of

KINDS = [("", "Nothing in particular"), ("person", "A person"), ("conversation", "A conversation")]
QUESTIONS = sorted(((str(each), permission_words(each)) for each in Permission), key=lambda each: each[1])


class WhyState(rx.State):
    query: str = ""
    found: list[CandidateView] = []
    person: CandidateView = NOBODY
    permission: str = Permission.assistant_use.value
    kind: str = ""
    thing_query: str = ""
    things: list[CandidateView] = []
    thing: CandidateView = NOBODY
    conversation: str = ""
    moment: str = ""
    address: str = ""
    problem: str = ""
    answered: bool = False
    allowed: bool = False
    answer: str = ""
    steps: list[StepView] = []

    @rx.event
    @allow(Permission.roles_read)
    async def enter(self) -> None:
        """What the address asks, such as ?person=…&permission=people:read&address=192.0.2.7, is answered at once."""
        self.reset()
        asked = self.router.url.query_parameters
        self.permission = _permission(asked.get("permission", self.permission))
        self.address = str(asked.get("address", ""))[:45]
        self.kind, id = _kind(asked.get("kind", "")), str(asked.get("id", ""))[:40]
        self.moment = str(asked.get("moment", ""))[:16]
        try:
            self.person = await self._person(asked.get("person"))
            if self.kind == "person":
                self.thing = await self._person(id)
            self.conversation = id if self.kind == "conversation" else ""
        except NotFound as error:
            self.problem = error.message
        await self._search("")
        if self.person.id and not self.problem:
            await self._ask()

    @rx.event
    @allow(Permission.roles_read)
    async def search(self, text: str) -> None:
        await self._search(str(text).replace("\x00", "")[:120])

    @rx.event
    @allow(Permission.roles_read)
    async def choose(self, person_id: str) -> None:
        self.person = await self._person(person_id)
        self._unanswer()

    @rx.event
    @allow(Permission.roles_read)
    async def choose_another(self) -> None:
        self.person = NOBODY
        self._unanswer()
        await self._search("")

    @rx.event
    @allow(Permission.roles_read)
    async def set_permission(self, permission: str) -> None:
        self.permission = _permission(permission)
        self._unanswer()

    @rx.event
    @allow(Permission.roles_read)
    async def set_kind(self, kind: str) -> None:
        self.kind = _kind(kind)
        self._unanswer()
        if self.kind == "person":
            await self._search_thing("")

    @rx.event
    @allow(Permission.roles_read)
    async def search_thing(self, text: str) -> None:
        await self._search_thing(str(text).replace("\x00", "")[:120])

    @rx.event
    @allow(Permission.roles_read)
    async def choose_thing(self, person_id: str) -> None:
        self.thing = await self._person(person_id)
        self._unanswer()

    @rx.event
    @allow(Permission.roles_read)
    async def choose_another_thing(self) -> None:
        self.thing = NOBODY
        self._unanswer()
        await self._search_thing("")

    @rx.event
    @allow(Permission.roles_read)
    async def ask(self, form: dict[str, Any]) -> None:
        form = form if isinstance(form, dict) else {}
        self.conversation = str(form.get("conversation", self.conversation)).strip()[-36:]
        self.moment, self.address = str(form.get("moment", ""))[:16], str(form.get("address", "")).strip()[:45]
        await self._ask()

    async def _ask(self) -> None:
        self._unanswer()
        try:
            if not self.person.id:
                raise Invalid("Choose the person it is about.")
            zone = (await self.get_state(Viewer)).zone
            moment = moment_of(self.moment, zone, "moment") or now()
            async with acting(self) as (session, actor):
                decision = await decisions.why(
                    session,
                    actor,
                    parse_id(self.person.id),
                    Permission(self.permission),
                    kind=self.kind,
                    id=self._thing_id(),
                    moment=moment,
                    address=self.address,
                )
            self.moment = field_text(moment, zone)
            self._show(decision)
        except FaradayError as error:
            self.problem = error.message

    def _thing_id(self) -> UUID | None:
        text = {"person": self.thing.id, "conversation": self.conversation}.get(self.kind, "")
        return parse_id(text) if text else None

    def _show(self, decision: Decision) -> None:
        self.answered, self.allowed = True, decision.allowed
        reason = decision.reason.split(" ", 1)[1]  # the badge says the first word
        self.answer = reason[0].upper() + reason[1:]
        self.steps = [_step(number, step) for number, step in enumerate(decision.trace[:-1][:200])]

    def _unanswer(self) -> None:
        self.answered, self.problem = False, ""

    async def _search(self, text: str) -> None:
        self.query = text
        self.found = await self._candidates(text)

    async def _search_thing(self, text: str) -> None:
        self.thing_query = text
        self.things = await self._candidates(text)

    async def _candidates(self, text: str) -> list[CandidateView]:
        async with acting(self) as (session, actor):
            return [candidate(person) for person in await people.candidates(session, actor, text)]

    async def _person(self, id: object) -> CandidateView:
        if not id:
            return NOBODY
        async with acting(self) as (session, actor):
            return candidate(await people.get_person(session, actor, parse_id(id)))


def _step(number: int, step: Step) -> StepView:
    effect, _, about = step.says.partition(" ")
    pattern, _, limits = about.partition(" ")
    says = f"{effect}: {pattern_words(pattern).lower()} {limits}".strip() if pattern in PATTERNS else step.says
    return StepView(str(number), step.source, says, step.why, step.matched)


def _permission(text: object) -> str:
    return str(text) if text in set(Permission) else Permission.assistant_use.value


def _kind(text: object) -> str:
    return str(text) if text in dict(KINDS) else ""
