"""The editor of one role: what it allows and denies, and what saving would change for whom."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.core.authorization import RoleRules
from faraday_app.core.errors import Conflict, FaradayError
from faraday_app.core.ids import new_id, parse_id
from faraday_app.core.permissions import BUILT_IN, Permission, Role
from faraday_app.organizations.service import roles, what_if
from faraday_app.organizations.service.subjects import RoleDraft, Roles, roles_of
from faraday_app.organizations.state.differences import shown, summary
from faraday_app.organizations.state.rule_editing import RuleEditing
from faraday_app.organizations.state.rule_lines import lines
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing


@passing
class RoleState(RuleEditing, rx.State):
    loading: bool = True
    error: str = ""
    key: str = ""
    built_in: bool = False
    saved_name: str = ""
    name: str = ""
    description: str = ""
    parent: str = ""
    parents: list[tuple[str, str]] = []
    busy: bool = False
    name_error: str = ""
    problem: str = ""
    deleting: bool = False

    _version: int = 0
    _new_id: str = ""

    @rx.event
    @allow(Permission.roles_read)
    async def enter(self) -> None:
        """The role of the address; without one, a new role."""
        self.key = str(self.router.url.query_parameters.get("role", ""))[:40]
        await self._load()

    @rx.event
    @allow(Permission.roles_read)
    async def refresh(self) -> None:
        """Somebody changed roles: what is being edited here stays."""
        if not self.dirty:
            await self._load()

    @rx.event
    @allow(Permission.roles_manage)
    async def discard(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.roles_manage)
    async def set_name(self, text: str) -> None:
        self.name, self.dirty, self.name_error = str(text)[:200], True, ""

    @rx.event
    @allow(Permission.roles_manage)
    async def set_description(self, text: str) -> None:
        self.description, self.dirty = str(text)[:800], True

    @rx.event
    @allow(Permission.roles_manage)
    async def set_parent(self, parent: str) -> None:
        self.parent = str(parent)[:40]
        await self._changed()

    @rx.event
    @allow(Permission.roles_manage)
    async def save(self) -> Any:
        self.problem = self.name_error = ""
        try:
            role_id = await self._save()
        except FaradayError as error:
            about_name = isinstance(error, Conflict) and "named" in error.message
            placed = about_name or getattr(error, "field", "") == "name"
            self.name_error, self.problem = (error.message, "") if placed else ("", error.message)
            return None
        said = ui.notify(f"“{self.name}” is saved.")
        if self.key == role_id:
            await self._load()
            return said
        self.dirty = False
        return [said, rx.redirect(f"/roles/edit?role={role_id}")]

    @rx.event
    @allow(Permission.roles_manage)
    async def set_deleting(self, open: bool) -> None:
        self.deleting = bool(open)

    @rx.event
    @allow(Permission.roles_manage)
    async def delete(self) -> Any:
        self.deleting = False
        async with acting(self) as (session, actor):
            await roles.delete_role(session, actor, parse_id(self.key))
        self.dirty = False
        return [ui.notify(f"“{self.saved_name}” is deleted."), rx.redirect("/roles")]

    async def _save(self) -> str:
        async with acting(self) as (session, actor):
            if self.key:
                await roles.change_role(session, actor, parse_id(self.key), self._version, self._draft())
                return self.key
            return str(await roles.create_role(session, actor, self._draft()))

    def _draft(self) -> RoleDraft:
        return RoleDraft(self.name, self.description, self.parent, tuple(self._rules.values()))

    async def _load(self) -> None:
        self.error = self.problem = self.name_error = self.difference = ""
        self.differences, self.dirty, self._new_id = [], False, str(new_id())
        try:
            async with acting(self) as (session, actor):
                self.built_in = self.key in set(Role)
                draft, self._version = RoleDraft(""), 0
                if self.built_in:
                    draft = RoleDraft(Role(self.key).label, "", "", BUILT_IN[Role(self.key)].rules)
                elif self.key:
                    draft, self._version = await roles.get_role(session, actor, parse_id(self.key))
                self._take(draft, await roles_of(session, actor.organization))
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    def _take(self, draft: RoleDraft, known: Roles) -> None:
        self.saved_name = self.name = draft.name
        self.description, self.parent = draft.description, draft.parent
        self._rules = {rule.pattern: rule for rule in draft.rules}
        heirs = known.heirs(UUID(self.key)) if self.key and not self.built_in else set()
        ours = [(str(id), each.name) for id, each in known.drafts.items() if id not in heirs]
        self.parents = [
            ("", "Nothing"),
            *((role.value, role.label) for role in Role),
            *sorted(ours, key=lambda o: o[1]),
        ]
        self.rows = lines(self._rules, _line(known.resolve(self.parent)), built_in=self.built_in)

    def _is_fixed(self) -> bool:
        return self.built_in

    async def _changed(self) -> None:
        self.dirty = True
        async with acting(self) as (session, actor):
            known = await roles_of(session, actor.organization)
            above = known.resolve(self.parent) if self.parent in {key for key, _ in self.parents} else None
            found = await what_if.if_role_were(session, actor, parse_id(self.key or self._new_id), self._draft())
        self.rows = lines(self._rules, _line(above))
        self.differences, self.difference = shown(found), summary(found)


def _line(role: RoleRules | None) -> list[RoleRules]:
    return list(role.line()) if role else []
