"""HTTP: from where may be called."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from faraday_app.core.abuse import Block
from faraday_app.core.addresses import Kind
from faraday_app.core.addresses.gate import Only
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import addresses, blocks

router = APIRouter(tags=["addresses"])
Keeper = Annotated[Actor, Depends(signed_in(Permission.addresses_manage))]
Place = Annotated[Text, Path(max_length=64, description="As the list of blocks names it.", examples=["203.0.113.7"])]


class AddressRuleOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime
    kind: Kind
    what: str = Field(description="A network, or the two letters of a country.", examples=["203.0.113.0/24"])
    note: str
    shadow: bool = Field(description="Only counts what it would have decided.")
    expires_at: datetime | None
    hits: int
    last_hit_at: datetime | None


class AddressRuleIn(BaseModel):
    kind: Kind
    what: Annotated[Text, Field(min_length=2, max_length=60, examples=["203.0.113.0/24"])]
    note: Annotated[Text, Field(max_length=200)] = ""
    shadow: bool = False
    expires_at: AwareDatetime | None = None

    def rule(self) -> addresses.Wanted:
        return addresses.Wanted(self.kind, self.what, self.note, self.shadow, self.expires_at)


class ShadowIn(BaseModel):
    shadow: bool


class OnlyIn(BaseModel):
    """Who may call from allowed addresses only."""

    staff: bool
    api: bool


class AddressBlockOut(BaseModel):
    """An address that was blocked automatically."""

    place: str = Field(description="An IPv4 address, or the /64 of an IPv6 one.")
    since: datetime
    until: datetime
    reason: str
    level: int = Field(description="The how manieth time in a row: each lasts twice as long.")


@router.get("/address-rules", summary="List the rules", responses=problems(422))
async def list_address_rules(actor: Keeper, limit: Limit = 25, cursor: Cursor = "") -> Page[AddressRuleOut]:
    """Newest first. Explicit allow comes before explicit block, then countries, then automatic blocks."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await addresses.list_rules(session, actor, limit + 1, before[0] if before else None)
        return page(found, limit, AddressRuleOut.model_validate, "id")


@router.post("/address-rules", status_code=201, summary="Add a rule", responses=problems(409, 422))
async def add_address_rule(actor: Keeper, wanted: AddressRuleIn) -> AddressRuleOut:
    """Holds at once, everywhere. One that would lock out your own address is refused, unless it is in shadow."""
    async with transaction(actor) as session:
        return AddressRuleOut.model_validate(await addresses.add_rule(session, actor, wanted.rule()))


@router.put(
    "/address-rules/{rule_id}/shadow", summary="Put a rule in shadow, or enforce it", responses=problems(404, 422)
)
async def set_address_rule_shadow(actor: Keeper, rule_id: UUID, wanted: ShadowIn) -> AddressRuleOut:
    async with transaction(actor) as session:
        return AddressRuleOut.model_validate(await addresses.set_shadow(session, actor, rule_id, wanted.shadow))


@router.delete("/address-rules/{rule_id}", status_code=204, summary="Remove a rule", responses=problems(404, 422))
async def remove_address_rule(actor: Keeper, rule_id: UUID) -> None:
    async with transaction(actor) as session:
        await addresses.remove_rule(session, actor, rule_id)


@router.get("/address-policy", summary="Who may call from allowed addresses only?")
async def get_address_policy(actor: Keeper) -> OnlyIn:
    async with transaction(actor) as session:
        only = await addresses.get_policy(session, actor)
    return OnlyIn(staff=only.staff, api=only.api)


@router.put("/address-policy", summary="Say who may call from allowed addresses only", responses=problems(422))
async def set_address_policy(actor: Keeper, wanted: OnlyIn) -> OnlyIn:
    """`staff`: everybody but students and parents. `api`: every program with a key."""
    async with transaction(actor) as session:
        await addresses.set_policy(session, actor, Only(wanted.staff, wanted.api))
    return wanted


@router.get("/address-blocks", summary="List automatic blocks")
async def list_address_blocks(actor: Keeper) -> list[AddressBlockOut]:
    """At most a hundred, newest first."""
    return [_block(block) for block in await blocks.list_blocks(actor)]


@router.delete(
    "/address-blocks/{place:path}", status_code=204, summary="Release an address", responses=problems(404, 422)
)
async def release_address(actor: Keeper, place: Place) -> None:
    """It may call again at once, and its count begins anew."""
    async with transaction(actor) as session:
        await blocks.release(session, actor, place)


def _block(block: Block) -> AddressBlockOut:
    since, until = (datetime.fromtimestamp(at, UTC) for at in (block.since, block.until))
    return AddressBlockOut(place=block.place, since=since, until=until, reason=blocks.reason(block), level=block.level)
