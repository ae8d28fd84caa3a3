"""One template: its text and fields as they are being written, its versions, and what it has come to."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.models import Audience
from faraday_app.contexts.service.templates import audiences, results, shelf, trials
from faraday_app.contexts.service.templates.language import LONGEST_TEXT, Mistake, names_in, parse
from faraday_app.contexts.service.templates.variables import Variable, read
from faraday_app.contexts.template_views import (
    AdviceView,
    VariableView,
    VersionView,
    compared_words,
    plain_versions,
    preview,
    totals,
    variable_views,
    version_views,
)
from faraday_app.core.errors import FaradayError, NotFound
from faraday_app.core.ids import new_id, parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing

NEW = "new"
WORDS = ("shortest", "longest", "pattern")
RULES = {"number": ("least", "most"), "date": ("earliest", "latest"), "choice": (), "yes_no": ()}
FORM = ("label", "help", "default", *WORDS, "least", "most", "earliest", "latest")


@passing
class TemplateState(rx.State):
    id: str = ""
    loaded: bool = False
    mine: bool = True
    shared_by: str = ""
    name: str = ""
    category: str = "Other"
    categories: list[str] = []
    about: str = ""
    note: str = ""
    text: str = ""
    number: int = 0
    dirty: bool = False
    variables: list[VariableView] = []
    mistake: str = ""
    preview: str = ""
    problem: str = ""
    versions: list[VersionView] = []
    figures: list[tuple[str, str]] = []
    advice: list[AdviceView] = []
    compared: list[str] = []
    comparing: bool = False
    pair: list[str] = []
    audience: str = Audience.me.value
    roles: list[tuple[str, str, bool]] = []
    editing: str = ""
    kind: str = "text"
    edited: dict[str, str] = {}
    flags: dict[str, bool] = {}
    field_problem: str = ""

    _version: int = 0
    _request_key: str = ""
    _fields: list[dict[str, Any]] = []

    @rx.event
    @allow(Permission.templates_manage)
    async def enter(self) -> Any:
        """The template that the address names; at “new” an empty one."""
        wanted = str(self.router.url.path).rstrip("/").rsplit("/", 1)[-1]
        self.reset()
        if wanted == NEW:
            self._request_key = str(new_id())
            self.text = "Explain {{topic}} to …"
            async with acting(self) as (session, actor):
                self.categories = await shelf.categories(session, actor)
            self._look()
            self.loaded = True
            return None
        try:
            self.id = str(parse_id(wanted))
            await self._load()
        except NotFound as missing:
            return [ui.notify(missing.message, "error"), rx.redirect("/templates", replace=True)]
        return None

    @rx.event
    @allow(Permission.templates_manage)
    async def discard(self) -> None:
        if self.id:
            await self._load()
        else:
            self.name = self.about = self.note = self.problem = ""
            self.dirty = False

    @rx.event
    @allow(Permission.templates_manage)
    async def set_text(self, text: str) -> None:
        """As it is typed: what cannot be read, what is asked for, and what comes of it."""
        self.text, self.dirty = str(text)[: LONGEST_TEXT + 1], True
        self._look()

    @rx.event
    @allow(Permission.templates_manage)
    async def set_about(self, what: str, text: str) -> None:
        if what in ("name", "category", "about", "note"):
            setattr(self, what, str(text)[:400])
            self.dirty, self.problem = True, ""

    @rx.event
    @allow(Permission.templates_manage)
    async def save(self) -> Any:
        """On a refusal everything stays as it was written."""
        self.problem = ""
        draft = shelf.Draft(self.name, self.text, self._fields, self.category, self.about, self.note)
        try:
            async with acting(self) as (session, actor):
                if self.id:
                    saved = await shelf.change(session, actor, UUID(self.id), self._version, draft)
                else:
                    saved = await shelf.create(session, actor, draft, self._request_key)
        except FaradayError as refusal:
            self.problem = refusal.message
            return None
        began = not self.id
        self.id, self.note = str(saved.template.id), ""
        await self._load()
        told = ui.notify(f"Saved. Version {saved.version.number} is in use.")
        return [told, rx.redirect(f"/templates/{self.id}", replace=True)] if began else told

    @rx.event
    @allow(Permission.templates_manage)
    async def edit_field(self, name: str) -> None:
        found = next((each for each in self._read_fields() if each.name == str(name)), None)
        if found is None:
            return
        kept = found.model_dump(mode="json")
        self.editing, self.kind, self.field_problem = found.name, found.kind.value, ""
        self.edited = {key: "" if kept[key] is None else str(kept[key]) for key in FORM}
        self.edited["choices"] = "\n".join(found.choices)
        self.flags = {"required": found.required, "whole": found.whole}

    @rx.event
    @allow(Permission.templates_manage)
    async def close_field(self, open: bool) -> None:
        self.editing = "" if not open else self.editing

    @rx.event
    @allow(Permission.templates_manage)
    async def set_kind(self, kind: str) -> None:
        self.kind = str(kind)[:20]

    @rx.event
    @allow(Permission.templates_manage)
    async def save_field(self, form: dict) -> None:
        """Checked as it will be when it is saved with the rest."""
        asked = ("label", "help", "default", *RULES.get(self.kind, WORDS))
        entered = {key: said for key in asked if (said := str(form.get(key) or "").strip())}
        choices = [line.strip() for line in str(form.get("choices") or "").splitlines() if line.strip()]
        field = {**entered, "name": self.editing, "kind": self.kind, "choices": choices,
                 "required": bool(form.get("required")), "whole": bool(form.get("whole"))}  # fmt: skip
        try:
            read([field])
        except FaradayError as refusal:
            self.field_problem = refusal.message
            return
        self._fields = [field if each["name"] == self.editing else each for each in self._fields]
        self.editing, self.dirty = "", True
        self._look()

    @rx.event
    @allow(Permission.templates_manage)
    async def drop_field(self, name: str) -> None:
        self._fields = [each for each in self._fields if each["name"] != str(name)]
        self.dirty = True
        self._look()

    @rx.event
    @allow(Permission.templates_manage)
    async def use_again(self, number: int) -> Any:
        async with acting(self) as (session, actor):
            await shelf.restore_version(session, actor, parse_id(self.id), int(number))
        await self._load()
        return ui.notify(f"Version {int(number)} is in use again, as version {self.number}.")

    @rx.event
    @allow(Permission.templates_manage)
    async def share(self, form: dict) -> Any:
        audience = Audience(str(form.get("audience"))) if form.get("audience") in set(Audience) else Audience.me
        chosen = [key for key, _, _ in self.roles if form.get(f"role-{key}")]
        async with acting(self) as (session, actor):
            await shelf.share(session, actor, parse_id(self.id), audience, chosen)
        await self._load()
        return ui.notify(f"For: {audience.label.lower()}.")

    @rx.event
    @allow(Permission.templates_manage)
    async def set_audience(self, audience: str) -> None:
        self.audience = str(audience)[:16]

    @rx.event
    @allow(Permission.templates_manage)
    async def compare(self, form: dict) -> Any:
        """Begin to give out two versions."""
        numbers = [_whole(form.get(name)) for name in ("first", "second", "share")]
        async with acting(self) as (session, actor):
            await trials.start(session, actor, parse_id(self.id), numbers[0], numbers[1], numbers[2])
        await self._load()
        return ui.notify("Both versions are given out now.")

    @rx.event
    @allow(Permission.templates_manage)
    async def choose_winner(self, number: str) -> Any:
        async with acting(self) as (session, actor):
            await trials.end(session, actor, parse_id(self.id), _whole(number))
        await self._load()
        return ui.notify(f"Everybody gets version {_whole(number)} now.")

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            opened = await shelf.get(session, actor, UUID(self.id))
            self.mine = shelf.may_change(actor, opened.template)
            self.categories = await shelf.categories(session, actor)
            found = await results.of(session, actor, UUID(self.id)) if self.mine else None
            versions = await shelf.versions(session, actor, UUID(self.id))
            named = await audiences.named_roles(session, actor) if self.mine else []
        self._take(opened, actor)
        template, current = opened.template, str(opened.template.current_id)
        self.roles = [(key, label, key in template.roles) for key, label in named]
        self.versions = version_views(found, current) if found else plain_versions(versions, current)
        self.figures, self.advice, self.compared, self.comparing = [], [], [], False
        if found:
            self.figures = totals(found, zone)
            self.advice = [AdviceView(each.words, each.fact) for each in found.advice]
            self.comparing = found.compared is not None and found.compared.trial.ended_at is None
            self.compared = compared_words(found.compared) if found.compared else []
            self.pair = [str(each) for each in found.compared.numbers] if found.compared else []
        self.loaded, self.dirty = True, False

    def _take(self, opened: shelf.Opened, actor: Actor) -> None:
        template, version = opened.template, opened.version
        self.name, self.category, self.about = template.name, template.category, template.about
        self.text, self.number, self._version = version.text, version.number, template.version
        self.audience, self.problem = template.audience, ""
        self.shared_by = "" if template.owner_id == actor.user_id else opened.owner_name
        self._fields = [each.model_dump(mode="json", exclude_defaults=True) for each in opened.variables]
        self._look()

    def _look(self) -> None:
        """What is named is asked for: a new name brings its field along."""
        try:
            named = names_in(parse(self.text))
        except Mistake as mistake:
            self.mistake = str(mistake)
            return
        known = {each["name"] for each in self._fields}
        self._fields = [*self._fields, *({"name": name} for name in named if name not in known)]
        self.mistake = ""
        fields = self._read_fields()
        self.variables = variable_views(fields, named)
        self.preview = preview(self.text, fields)

    def _read_fields(self) -> tuple[Variable, ...]:
        try:
            return read(self._fields)
        except FaradayError as refusal:
            self.mistake = refusal.message
            return ()


def _whole(text: Any) -> int:
    """A number from a form; 0, which no version has, for anything else."""
    return int(str(text)) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 9 else 0
