"""The shelf of templates: make, find, change, share, put away. A changed text is a version beside the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Audience, Template, TemplateTrial, TemplateVersion
from faraday_app.contexts.service.templates import audiences
from faraday_app.contexts.service.templates.language import Mistake, names_in, parse
from faraday_app.contexts.service.templates.variables import Variable, read
from faraday_app.core.authorization import Resource
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.turns import asked_before
from faraday_app.security.service import record

PAGE = 25
CATEGORIES = ("Teaching", "Feedback", "Letters", "Planning", "Research", "Other")
MOST_CATEGORIES = 60


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants a template to be. ``note`` says what is new in this version."""

    name: str
    text: str
    variables: Sequence[Any] = ()
    category: str = "Other"
    about: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A template, one of its versions, and what that one asks for."""

    template: Template
    version: TemplateVersion
    owner_name: str = ""

    @property
    def variables(self) -> tuple[Variable, ...]:
        return read(self.version.variables)


async def create(session: AsyncSession, actor: Actor, draft: Draft, key: str | None = None) -> Opened:
    """For its maker alone until it is shared. With the key of an earlier call, what that one made."""
    actor.must(Permission.templates_manage, _of_ones_own(actor))
    if earlier := await asked_before(session, Template, "owner_id", actor, key):
        return await get(session, actor, earlier.id)
    wanted = _clean(draft)
    template = Template(organization_id=actor.organization, owner_id=actor.user, request_key=key, **_named(wanted))
    session.add(template)
    await session.flush()
    version = await _add(session, actor, template, wanted, 1)
    record(session, actor, "template.created", template, name=template.name)
    _announce(session, template)
    return Opened(template, version, actor.name)


async def change(session: AsyncSession, actor: Actor, template_id: UUID, version: int, draft: Draft) -> Opened:
    """Its owner's to do. Another text or other fields make a new version; Conflict when somebody was quicker."""
    template = await owned(session, actor, template_id)
    if template.version != version:
        raise Conflict("This template changed meanwhile. Open it again and repeat your change.")
    wanted = _clean(draft)
    current = await session.get_one(TemplateVersion, template.current_id)
    for name, value in _named(wanted).items():
        setattr(template, name, value)
    template.version += 1
    if (current.text, current.variables) != (wanted.text, list(wanted.variables)):
        await _refuse_in_trial(session, template)
        current = await _add(session, actor, template, wanted, await _next_number(session, template))
    record(session, actor, "template.changed", template, name=template.name, number=current.number)
    _announce(session, template)
    return Opened(template, current, actor.name)


async def restore_version(session: AsyncSession, actor: Actor, template_id: UUID, number: int) -> Opened:
    """Use an earlier version again: as a new one, so that none is lost."""
    template = await owned(session, actor, template_id)
    earlier = await _numbered(session, template, number)
    await _refuse_in_trial(session, template)
    again = Draft("", earlier.text, earlier.variables, note=f"Version {number} again")
    version = await _add(session, actor, template, again, await _next_number(session, template))
    template.version += 1
    record(session, actor, "template.version_restored", template, number=number)
    _announce(session, template)
    return Opened(template, version, actor.name)


async def share(
    session: AsyncSession, actor: Actor, template_id: UUID, audience: Audience, roles: Sequence[str] = ()
) -> Template:
    """With nobody, with those who hold one of the roles, or with the organisation."""
    template = await owned(session, actor, template_id)
    wanted = sorted({str(role) for role in roles}) if audience is Audience.roles else []
    if audience is not Audience.me:
        actor.must(Permission.templates_share, _of_ones_own(actor))
    known = {key for key, _ in await audiences.named_roles(session, actor)} if wanted else set()
    if audience is Audience.roles and (not wanted or set(wanted) - known):
        raise Invalid("Choose at least one role of your organisation.", field="roles")
    before = {"audience": template.audience, "roles": template.roles}
    template.audience, template.roles = audience, wanted
    template.version += 1
    record(session, actor, "template.shared", template, before=before, after={"audience": audience, "roles": wanted})
    _announce(session, template)
    return template


async def set_archived(session: AsyncSession, actor: Actor, template_id: UUID, archived: bool) -> None:
    """Put away it is offered to nobody; what was written with it stays."""
    template = await owned(session, actor, template_id)
    if (template.archived_at is not None) != archived:
        template.archived_at = now() if archived else None
        record(session, actor, "template.archived" if archived else "template.restored", template, name=template.name)
        _announce(session, template)


async def get(session: AsyncSession, actor: Actor, template_id: UUID, number: int | None = None) -> Opened:
    """One's own or one that is shared with the actor, as it is now or in an earlier version."""
    actor.must_at_all(Permission.assistant_use)
    query = select(Template, _owner()).where(col(Template.id) == template_id, audiences.visible(actor))
    found = (await session.execute(query)).one_or_none()
    if found is None or (found[0].archived_at is not None and found[0].owner_id != actor.user_id):
        raise NotFound("This template does not exist, or is not shared with you.")
    template = found[0]
    if number is not None:
        return Opened(template, await _numbered(session, template, number), found[1] or "")
    return Opened(template, await session.get_one(TemplateVersion, template.current_id), found[1] or "")


async def listed(
    session: AsyncSession,
    actor: Actor,
    text: str = "",
    *,
    category: str = "",
    archived: bool = False,
    mine: bool = False,
    before: UUID | None = None,
    limit: int = PAGE,
) -> list[Opened]:
    """One's own and those that are shared, newest first; the text is sought in names and descriptions."""
    actor.must_at_all(Permission.assistant_use)
    query = (
        select(Template, TemplateVersion, _owner())
        .join(TemplateVersion, col(TemplateVersion.id) == col(Template.current_id))
        .where(
            audiences.visible(actor),
            col(Template.archived_at).is_not(None) if archived else col(Template.archived_at).is_(None),
        )
    )
    if archived or mine:
        query = query.where(col(Template.owner_id) == actor.user)
    if category:
        query = query.where(col(Template.category) == category)
    for word in text.split()[:10]:
        said = col(Template.name) + " " + col(Template.about)
        query = query.where(said.icontains(word, autoescape=True))
    if before:
        query = query.where(col(Template.id) < before)
    rows = await session.execute(query.order_by(col(Template.id).desc()).limit(limit))
    return [Opened(template, version, name or "") for template, version, name in rows.all()]


async def categories(session: AsyncSession, actor: Actor) -> list[str]:
    """Those there always are, then what people have called theirs."""
    query = (
        select(col(Template.category)).where(audiences.visible(actor), col(Template.archived_at).is_(None)).distinct()
    )
    own = await session.scalars(query.order_by(col(Template.category)).limit(MOST_CATEGORIES))
    return list(dict.fromkeys([*CATEGORIES, *own]))


async def versions(session: AsyncSession, actor: Actor, template_id: UUID, limit: int = 100) -> list[TemplateVersion]:
    """Newest first, for whoever may use the template."""
    opened = await get(session, actor, template_id)
    query = select(TemplateVersion).where(col(TemplateVersion.template_id) == opened.template.id)
    return list(await session.scalars(query.order_by(col(TemplateVersion.number).desc()).limit(limit)))


async def owned(session: AsyncSession, actor: Actor, template_id: UUID) -> Template:
    """Locked. NotPermitted for one that is shared with the actor but not theirs."""
    template = (await get(session, actor, template_id)).template
    if template.owner_id != actor.user_id:
        raise NotPermitted("Only its owner can change this template. You can make a copy of it.")
    actor.must(Permission.templates_manage, _of_ones_own(actor))
    await session.refresh(template, with_for_update=True)
    return template


def may_change(actor: Actor, template: Template) -> bool:
    return template.owner_id == actor.user_id and actor.could(Permission.templates_manage)


def _owner() -> Any:
    return select(col(User.name)).where(col(User.id) == col(Template.owner_id)).correlate(Template).scalar_subquery()


def _of_ones_own(actor: Actor) -> Resource:
    return Resource("template", None, actor.organization_id, actor.user_id, actor.department_id)


async def _add(session: AsyncSession, actor: Actor, template: Template, draft: Draft, number: int) -> TemplateVersion:
    version = TemplateVersion(
        organization_id=template.organization_id,
        template_id=template.id,
        number=number,
        text=draft.text,
        variables=list(draft.variables),
        note=draft.note,
        author_id=actor.user,
    )
    session.add(version)
    await session.flush()
    template.current_id = version.id
    return version


async def _next_number(session: AsyncSession, template: Template) -> int:
    newest = select(func.max(col(TemplateVersion.number))).where(col(TemplateVersion.template_id) == template.id)
    return (await session.scalar(newest) or 0) + 1


async def _numbered(session: AsyncSession, template: Template, number: int) -> TemplateVersion:
    query = select(TemplateVersion).where(
        col(TemplateVersion.template_id) == template.id, col(TemplateVersion.number) == number
    )
    if (version := await session.scalar(query)) is None:
        raise NotFound("This template has no such version.")
    return version


async def _refuse_in_trial(session: AsyncSession, template: Template) -> None:
    query = select(col(TemplateTrial.id)).where(
        col(TemplateTrial.template_id) == template.id, col(TemplateTrial.ended_at).is_(None)
    )
    if await session.scalar(query):
        raise Conflict("Two versions are being compared. End that before you make another one.")


def _clean(draft: Draft) -> Draft:
    """As it is kept. Every field that the text names has to be asked for."""
    if not all(map(_storable, (draft.name, draft.category, draft.about, draft.note, draft.text))):
        raise Invalid("Some of these characters cannot be stored.", field="text")
    name, category = " ".join(draft.name.split()), " ".join(draft.category.split()) or "Other"
    if not name or len(name) > 80:
        raise Invalid("Enter a name of up to 80 characters.", field="name")
    if len(category) > 40:
        raise Invalid("A category has 40 characters at most.", field="category")
    if len(draft.about.strip()) > 300:
        raise Invalid("Describe it in 300 characters at most.", field="about")
    if len(draft.note.strip()) > 200:
        raise Invalid("Say what is new in 200 characters at most.", field="note")
    text = draft.text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid("Write the text of the template.", field="text")
    asked = read([each.model_dump() if isinstance(each, Variable) else each for each in draft.variables])
    missing = [each for each in named_in(text) if each not in {variable.name for variable in asked}]
    if missing:
        raise Invalid(f"“{missing[0]}” stands in the text, but nobody is asked for it.", field="variables")
    kept = [variable.model_dump(mode="json", exclude_defaults=True) for variable in asked]
    return Draft(name, text, kept, category, draft.about.strip(), draft.note.strip())


def _storable(text: str) -> bool:
    """Neither the character NUL nor half of a pair."""
    return "\x00" not in text and text.encode(errors="replace").decode() == text


def named_in(text: str) -> tuple[str, ...]:
    """The variables that a text names. Invalid for what is no template."""
    try:
        return names_in(parse(text))
    except Mistake as mistake:
        raise Invalid(str(mistake), field="text") from None


def _named(draft: Draft) -> dict[str, Any]:
    return {"name": draft.name, "category": draft.category, "about": draft.about}


def _announce(session: AsyncSession, template: Template) -> None:
    publish_on_commit(session, topic("templates", template.organization_id))
