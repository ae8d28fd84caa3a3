"""HTTP: from where may be called, for every organisation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.api.addresses import AddressRuleIn, AddressRuleOut, ShadowIn
from faraday_app.security.service import addresses_for_all

router = APIRouter(prefix="/platform/address-rules", tags=["platform"])
Keeper = Annotated[Actor, Depends(signed_in(Permission.organizations_manage))]


@router.get("", summary="List the rules for all", responses=problems(422))
async def list_rules_for_all(actor: Keeper, limit: Limit = 25, cursor: Cursor = "") -> Page[AddressRuleOut]:
    """Newest first. They come before the rules of an organisation, which can only narrow what they let in."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await addresses_for_all.list_rules(session, actor, limit + 1, before[0] if before else None)
        return page(found, limit, AddressRuleOut.model_validate, "id")


@router.post("", status_code=201, summary="Add a rule for all", responses=problems(409, 422))
async def add_rule_for_all(actor: Keeper, wanted: AddressRuleIn) -> AddressRuleOut:
    """Holds at once, everywhere. One that would lock out your own address is refused, unless it is in shadow."""
    async with transaction(actor) as session:
        return AddressRuleOut.model_validate(await addresses_for_all.add_rule(session, actor, wanted.rule()))


@router.put("/{rule_id}/shadow", summary="Put a rule for all in shadow, or enforce it", responses=problems(404, 422))
async def set_shadow_for_all(actor: Keeper, rule_id: UUID, wanted: ShadowIn) -> AddressRuleOut:
    async with transaction(actor) as session:
        found = await addresses_for_all.set_shadow(session, actor, rule_id, wanted.shadow)
        return AddressRuleOut.model_validate(found)


@router.delete("/{rule_id}", status_code=204, summary="Remove a rule for all", responses=problems(404, 422))
async def remove_rule_for_all(actor: Keeper, rule_id: UUID) -> None:
    async with transaction(actor) as session:
        await addresses_for_all.remove_rule(session, actor, rule_id)
