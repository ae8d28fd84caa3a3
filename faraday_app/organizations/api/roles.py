"""HTTP: roles, who has them, what one person may beyond them, and why."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, Field

from faraday_app.core.authorization import ALWAYS, Conditions, Effect, Rule
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.service import assignments, decisions, roles
from faraday_app.organizations.service.subjects import RoleDraft

router = APIRouter()
Reader = Annotated[Actor, Depends(signed_in(Permission.roles_read))]
Manager = Annotated[Actor, Depends(signed_in(Permission.roles_manage))]
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC))]
_MOST_RULES = len(roles.PATTERNS)


class RuleIn(BaseModel):
    """One rule. Without conditions it always holds; conditions must all hold."""

    effect: Effect
    permission: Annotated[Text, Field(max_length=64, examples=["people:read", "people:*"])]
    conditions: Conditions = ALWAYS
    expires_at: Moment | None = None

    def rule(self) -> Rule:
        return Rule(self.effect, self.permission, self.conditions, self.expires_at)


class RoleLineOut(BaseModel):
    """A role in the list."""

    key: str = Field(description="The name of a built-in role, or the id of one of the organisation’s own.")
    name: str = Field(examples=["Lab lead"])
    description: str
    built_in: bool
    people: int
    permissions: int = Field(description="How many it allows, those it inherits included.")


class RoleIn(BaseModel):
    """A role of the organisation’s own."""

    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["Lab lead"])]
    description: Annotated[Text, Field(max_length=400)] = ""
    parent: Annotated[
        Text, Field(max_length=36, description="The key of the role it inherits from; empty for none.")
    ] = ""
    rules: list[RuleIn] = Field([], max_length=_MOST_RULES)

    def draft(self) -> RoleDraft:
        return RoleDraft(self.name, self.description, self.parent, tuple(each.rule() for each in self.rules))


class RoleChange(RoleIn):
    version: int = Field(ge=1, le=2**31 - 1, description="The version that was read; an older one is refused.")


class RoleOut(RoleIn):
    id: UUID
    version: int


class RulesIn(BaseModel):
    """All rules for one person, in the place of those there were."""

    rules: list[RuleIn] = Field(max_length=_MOST_RULES)


class HolderOut(BaseModel):
    user_id: UUID
    name: str
    expires_at: datetime | None


class TermIn(BaseModel):
    expires_at: Moment | None = Field(None, description="Null: for good.")


class QuestionIn(BaseModel):
    """May this person do this, to that, then, from there?"""

    user_id: UUID
    permission: Permission
    kind: Annotated[Text, Field(max_length=40, description="“person”, “conversation”, or nothing.")] = ""
    id: UUID | None = None
    moment: Moment | None = Field(None, description="Null: now.")
    address: Annotated[Text, Field(max_length=45, examples=["192.0.2.7"])] = ""


class StepOut(BaseModel):
    """A rule that was looked at, in order; the last step is the answer."""

    source: str
    says: str
    matched: bool
    why: str


class DecisionOut(BaseModel):
    allowed: bool
    reason: str
    trace: list[StepOut]


@router.get("/roles", tags=["roles"], summary="List roles")
async def list_roles(actor: Reader) -> list[RoleLineOut]:
    """The built-in ones, then at most a hundred of the organisation’s own, by name."""
    async with transaction(actor) as session:
        return [RoleLineOut(**_fields(line)) for line in await roles.list_roles(session, actor)]


@router.post("/roles", status_code=201, tags=["roles"], summary="Create a role", responses=problems(409, 422))
async def create_role(actor: Manager, wanted: RoleIn) -> RoleOut:
    """Only of what you hold yourself without limits. Nobody has it yet."""
    async with transaction(actor) as session:
        role_id = await roles.create_role(session, actor, wanted.draft())
        return await _role(session, actor, role_id)


@router.get("/roles/{role_id}", tags=["roles"], summary="Get a role", responses=problems(404, 422))
async def get_role(actor: Reader, role_id: UUID) -> RoleOut:
    async with transaction(actor) as session:
        return await _role(session, actor, role_id)


@router.patch("/roles/{role_id}", tags=["roles"], summary="Change a role", responses=problems(404, 409, 422))
async def change_role(actor: Manager, role_id: UUID, wanted: RoleChange) -> RoleOut:
    """The whole role as it shall be. It holds for everybody who has it from their next request."""
    async with transaction(actor) as session:
        await roles.change_role(session, actor, role_id, wanted.version, wanted.draft())
        return await _role(session, actor, role_id)


@router.delete(
    "/roles/{role_id}", status_code=204, tags=["roles"], summary="Delete a role", responses=problems(404, 422)
)
async def delete_role(actor: Manager, role_id: UUID) -> None:
    """Everybody who has it loses it at once. Refused while other roles inherit from it."""
    async with transaction(actor) as session:
        await roles.delete_role(session, actor, role_id)


@router.get("/roles/{role_id}/people", tags=["roles"], summary="List who has a role", responses=problems(404, 422))
async def list_holders(actor: Reader, role_id: UUID, limit: Limit = 25, cursor: Cursor = "") -> Page[HolderOut]:
    """By name."""
    after = parsed(cursor, str, UUID)
    async with transaction(actor) as session:
        found = await assignments.holders(session, actor, role_id, limit + 1, after and (after[0], after[1]))
    return page(found, limit, lambda holder: HolderOut(**_fields(holder)), "name", "user_id")


@router.put(
    "/roles/{role_id}/people/{user_id}",
    status_code=204,
    tags=["roles"],
    summary="Give somebody a role",
    responses=problems(404, 422),
)
async def give_role(actor: Manager, role_id: UUID, user_id: UUID, term: TermIn) -> None:
    """In addition to what they are. Giving it again changes until when they have it."""
    async with transaction(actor) as session:
        await assignments.give_role(session, actor, role_id, user_id, term.expires_at)


@router.delete(
    "/roles/{role_id}/people/{user_id}",
    status_code=204,
    tags=["roles"],
    summary="Take a role from somebody",
    responses=problems(404, 422),
)
async def withdraw_role(actor: Manager, role_id: UUID, user_id: UUID) -> None:
    async with transaction(actor) as session:
        await assignments.withdraw_role(session, actor, role_id, user_id)


@router.get(
    "/people/{user_id}/rules", tags=["roles"], summary="List the rules for one person", responses=problems(404, 422)
)
async def list_rules(actor: Reader, user_id: UUID) -> list[RuleIn]:
    """What is allowed or denied to them alone, beyond their roles."""
    async with transaction(actor) as session:
        return [_rule(rule) for rule in await assignments.rules_of(session, actor, user_id)]


@router.put(
    "/people/{user_id}/rules", tags=["roles"], summary="Set the rules for one person", responses=problems(404, 422)
)
async def set_rules(actor: Manager, user_id: UUID, wanted: RulesIn) -> list[RuleIn]:
    async with transaction(actor) as session:
        await assignments.set_rules(session, actor, user_id, tuple(each.rule() for each in wanted.rules))
        return [_rule(rule) for rule in await assignments.rules_of(session, actor, user_id)]


@router.post("/permissions/decide", tags=["roles"], summary="Explain a decision", responses=problems(404, 422))
async def decide(actor: Reader, question: QuestionIn) -> DecisionOut:
    """By the rules of now, for any moment and address."""
    async with transaction(actor) as session:
        found = await decisions.why(
            session,
            actor,
            question.user_id,
            question.permission,
            kind=question.kind,
            id=question.id,
            moment=question.moment,
            address=question.address,
        )
    trace = [StepOut(source=step.source, says=step.says, matched=step.matched, why=step.why) for step in found.trace]
    return DecisionOut(allowed=found.allowed, reason=found.reason, trace=trace)


async def _role(session: Any, actor: Actor, role_id: UUID) -> RoleOut:
    draft, version = await roles.get_role(session, actor, role_id)
    rules = [_rule(rule) for rule in draft.rules]
    return RoleOut(
        id=role_id, version=version, name=draft.name, description=draft.description, parent=draft.parent, rules=rules
    )


def _rule(rule: Rule) -> RuleIn:
    return RuleIn(effect=rule.effect, permission=rule.pattern, conditions=rule.conditions, expires_at=rule.expires_at)


def _fields(shown: Any) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in shown.__dataclass_fields__}
