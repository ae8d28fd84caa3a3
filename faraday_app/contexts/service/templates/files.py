"""Templates as files: what they say and ask for, and nothing about whose they are or who may see them."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service.templates import shelf
from faraday_app.contexts.service.templates.language import LONGEST_TEXT
from faraday_app.contexts.service.templates.shelf import Draft, Opened
from faraday_app.contexts.service.templates.variables import MOST_VARIABLES, Variable
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record

LARGEST_FILE = 512_000  # characters
MOST = 50


class One(BaseModel):
    """A template in a file. Whatever else stands there is not read."""

    model_config = ConfigDict(extra="ignore")

    name: Annotated[str, Field(min_length=1, max_length=80)]
    category: Annotated[str, Field(max_length=40)] = "Other"
    about: Annotated[str, Field(max_length=300)] = ""
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    variables: Annotated[list[Variable], Field(max_length=MOST_VARIABLES)] = []


class File(BaseModel):
    model_config = ConfigDict(extra="ignore")

    format: Literal["faraday-templates"] = "faraday-templates"
    version: Literal[1] = 1
    templates: Annotated[list[One], Field(min_length=1, max_length=MOST)]


async def exported(session: AsyncSession, actor: Actor, template_ids: Sequence[UUID]) -> File:
    """As they are now; for whoever may use them."""
    if not 1 <= len(template_ids) <= MOST:
        raise Invalid(f"Export 1 to {MOST} templates at once.")
    opened = [await shelf.get(session, actor, template_id) for template_id in template_ids]
    for each in opened:
        record(session, actor, "template.exported", each.template, name=each.template.name)
    return File(templates=[_one(each) for each in opened])


async def imported(session: AsyncSession, actor: Actor, file: File, key: str | None = None) -> list[Opened]:
    """The importer's own from now on and nobody else's, whatever the file says. All of them or none.

    With the key of an earlier call, what that one brought.
    """
    actor.must_at_all(Permission.templates_manage)
    made = []
    for number, each in enumerate(file.templates):
        draft = Draft(each.name, each.text, each.variables, each.category, each.about, note="Imported")
        made.append(await shelf.create(session, actor, draft, f"{key} {number}" if key else None))
    return made


async def copied(session: AsyncSession, actor: Actor, template_id: UUID, key: str | None = None) -> Opened:
    """One's own template that begins as one is that one may use. With the key of an earlier call, that one's."""
    actor.must_at_all(Permission.templates_manage)
    source = await shelf.get(session, actor, template_id)
    one = _one(source)
    draft = Draft(f"{one.name[:70]} (copy)", one.text, one.variables, one.category, one.about)
    made = await shelf.create(session, actor, draft, f"{key} {template_id}" if key else None)
    record(session, actor, "template.copied", source.template, name=source.template.name, into=str(made.template.id))
    return made


def parsed(text: str) -> File:
    """What somebody chose as a file. Invalid says where it is wrong."""
    if len(text) > LARGEST_FILE:
        raise Invalid(f"A file has {LARGEST_FILE:,} characters at most.", field="file")
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid("This is no JSON file.", field="file") from None
    try:
        return File.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = " → ".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise Invalid(f"This is no file of templates: {where or 'file'}: {said}.", field="file") from None


def written(file: File) -> str:
    head = {"format": file.format, "version": file.version}
    return json.dumps(head | file.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, indent=2) + "\n"


def _one(opened: Opened) -> One:
    template = opened.template
    return One(
        name=template.name,
        category=template.category,
        about=template.about,
        text=opened.version.text,
        variables=list(opened.variables),
    )
