"""What is amiss with second factors, for the security centre."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import AuthenticatorApp, Passkey, User
from faraday_app.core.database import as_faraday
from faraday_app.organizations.service.safety import Some, counted, guardians, members_of, some
from faraday_app.organizations.service.sign_in_policy import Required, get_policy
from faraday_app.security.service.score import Finding, people_words


@dataclass(frozen=True, slots=True)
class FactorFacts:
    unprotected: Some
    required: Required


async def read_factors(session: AsyncSession, organization_id: UUID) -> FactorFacts:
    """As Faraday: whether somebody has a factor is shown in sum, not in the rows that only they may see."""
    app = exists().where(col(AuthenticatorApp.user_id) == col(User.id), col(AuthenticatorApp.confirmed_at).is_not(None))
    passkey = exists().where(col(Passkey.user_id) == col(User.id))
    watching = [each.user_id for each in await guardians(session, organization_id)]
    bare = members_of(organization_id).where(col(User.id).in_(watching), ~app, ~passkey)
    async with as_faraday(session):
        unprotected = await some(session, bare)
        policy = await get_policy(session, organization_id)
    return FactorFacts(unprotected, Required(policy.required_for))


def unprotected_administrators(facts: FactorFacts) -> Finding | None:
    if not facts.unprotected.count:
        return None
    return Finding(
        "unprotected_administrators",
        20,
        counted(facts.unprotected.count, "administrator has", "administrators have") + " no second factor",
        "Whoever learns one of these passwords can read everything and let anybody in.",
        people_words(facts.unprotected.names, facts.unprotected.count),
        "Require two-factor authentication",
        "/sign-in-settings",
    )


def nobody_needs_a_factor(facts: FactorFacts) -> Finding | None:
    if facts.required is not Required.nobody:
        return None
    return Finding(
        "two_factor_optional",
        10,
        "Nobody needs a second factor",
        "A stolen password is enough to sign in as any member of staff.",
        "",
        "Choose who needs one",
        "/sign-in-settings",
    )
