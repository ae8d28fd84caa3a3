"""What the security centre says of second factors."""

from faraday_app.core.database import transaction
from faraday_app.organizations.service import factor_findings, sign_in_policy
from faraday_app.organizations.service.sign_in_policy import Required
from tests.factories.factors import confirmed, enrol


async def facts(cast):
    async with transaction(cast.administrator) as session:
        return await factor_findings.read_factors(session, cast.organization_id)


class TestUnprotectedAdministrators:
    async def test_are_named_until_they_have_a_factor(self, cast):
        found = factor_findings.unprotected_administrators(await facts(cast))
        assert found.title == "1 administrator has no second factor"
        assert "Jonas Prie" in found.concerns
        await enrol(cast.administrator)
        assert factor_findings.unprotected_administrators(await facts(cast)) is None

    async def test_are_those_of_the_organization_alone(self, cast):
        await enrol(cast.stranger)
        assert (await facts(cast)).unprotected.count == 1


class TestNobodyNeedsAFactor:
    async def test_is_said_until_somebody_does(self, cast):
        assert factor_findings.nobody_needs_a_factor(await facts(cast)).link == "/sign-in-settings"
        actor = confirmed(cast.administrator)
        async with transaction(actor) as session:
            await sign_in_policy.set_policy(session, actor, Required.staff, 14, 0)
        assert factor_findings.nobody_needs_a_factor(await facts(cast)) is None
