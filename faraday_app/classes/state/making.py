"""Making a class."""

from typing import Any

import reflex as rx

from faraday_app.classes.service import classes, terms
from faraday_app.classes.service.classes import ClassDraft
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.organizations.service import list_departments
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing


def draft_of(form: dict[str, Any]) -> ClassDraft:
    """What a form about a class says."""
    if not form.get("class_term"):
        raise Invalid("Choose a term.", field="class_term")
    department = str(form.get("class_department") or "")
    return ClassDraft(
        parse_id(form.get("class_term")),
        str(form.get("class_name") or ""),
        str(form.get("class_subject") or ""),
        str(form.get("class_code") or ""),
        str(form.get("class_room") or ""),
        parse_id(department) if department else None,
    )


@passing
class NewClassState(rx.State):
    open: bool = False
    terms: list[tuple[str, str]] = []
    term: str = ""
    departments: list[tuple[str, str]] = []
    department: str = ""
    error: str = ""

    @rx.event
    @allow(Permission.classes_manage)
    async def set_open(self, open: bool) -> None:
        self.open, self.error = bool(open), ""
        if not self.open:
            return
        async with acting(self) as (session, actor):
            found = await terms.listed(session, actor)
            self.departments = [(str(each.id), each.name) for each in await list_departments(session, actor)]
            self.department = str(actor.department_id or "")
        today = now().date()
        current = [each for each in found if each.starts_on <= today <= each.ends_on] or found
        self.terms = [(str(each.id), each.name) for each in found]
        self.term = str(current[0].id) if current else ""

    @rx.event
    @allow(Permission.classes_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        """Then open it: the next thing to do is to add students."""
        try:
            async with acting(self) as (session, actor):
                made = await classes.make(session, actor, draft_of(form))
        except FaradayError as error:
            self.error = error.message
            return None
        self.open = False
        return rx.redirect(f"/class?id={made.id}")
