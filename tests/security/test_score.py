"""The score and its findings."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotPermitted
from faraday_app.core.permissions import Permission
from faraday_app.organizations.service import safety
from faraday_app.organizations.service.safety import PeopleFacts, Some
from faraday_app.security.service import score
from faraday_app.security.service.score import findings as ours
from faraday_app.security.service.score.registry import scored
from tests.factories import security as made
from tests.factories.api import make_key


def finding(key, weight):
    return score.Finding(key, weight, "Title", "Why", "Whom", "Act", "/people")


class TestScored:
    def test_is_perfect_with_nothing_to_mend(self):
        assert scored([]).value == 100

    @given(st.lists(st.integers(1, 50), max_size=20))
    def test_says_what_mending_is_worth(self, weights):
        found = scored([finding(f"{number}", weight) for number, weight in enumerate(weights)])
        assert 0 <= found.value <= 100
        for mended in found.findings:
            without = [each.finding for each in found.findings if each is not mended]
            assert mended.then == scored(without).value >= found.value

    def test_puts_the_weightiest_first(self):
        found = scored([finding("small", 2), finding("large", 30)])
        assert [mended.finding.key for mended in found.findings] == ["large", "small"]
        assert (found.value, found.findings[0].then, found.verdict) == (69, 98, "Fair")


class TestKeys:
    def key(self, age=10, used=1, expires=30, scopes=(Permission.home_read,)):
        return ours.KeyFacts(
            "Import",
            frozenset(scopes),
            now() - timedelta(days=age),
            expires and now() + timedelta(days=expires),
            used and now() - timedelta(days=used),
        )

    @pytest.mark.parametrize(
        ("check", "bad"),
        [
            (ours.keys_without_expiry, {"expires": None}),
            (ours.unused_keys, {"used": 91}),
            (ours.unused_keys, {"age": 91, "used": None}),
            (ours.wide_keys, {"scopes": (Permission.people_manage, Permission.audit_read)}),
            (ours.old_keys, {"age": 366}),
        ],
    )
    def test_that_are_wrong_are_named(self, check, bad):
        assert check([self.key()]) is None
        found = check([self.key(), self.key(**bad)])
        assert found is not None
        assert found.title.startswith("One API key ")
        assert found.concerns == "“Import”"
        assert (check([self.key(**bad)] * 12) or found).title.startswith("12 API keys ")


class TestDeployment:
    def test_without_https_is_told_apart_from_trying_it_out(self):
        local = ours.no_https(ours.DeploymentFacts(local=True, https=False, mail=True))
        served = ours.no_https(ours.DeploymentFacts(local=False, https=False, mail=True))
        assert local is not None
        assert served is not None
        assert local.weight < 5 < served.weight
        assert ours.no_https(ours.DeploymentFacts(local=False, https=True, mail=True)) is None

    def test_without_mail_says_so(self):
        assert ours.no_mail(ours.DeploymentFacts(local=True, https=True, mail=False))
        assert not ours.no_mail(ours.DeploymentFacts(local=True, https=True, mail=True))

    @pytest.mark.parametrize(
        ("today", "earlier", "found"), [(40, 10, True), (30, 10, False), (9, 0, False), (11, 0, True)]
    )
    def test_with_failures_that_rise_says_so(self, today, earlier, found):
        assert bool(ours.rising_failures(ours.FailureFacts(today, (earlier,) * 6))) == found


class TestPeople:
    NOBODY = Some()
    FINE = PeopleFacts(Some(2, ("Ana", "Tom")), NOBODY, NOBODY, NOBODY)

    def test_that_are_fine_are_no_finding(self):
        for check in (safety.single_administrator, safety.unused_accounts, safety.old_passwords):
            assert check(self.FINE) is None
        assert safety.expiring_invitations(self.FINE) is None

    def test_are_named_with_how_many_more(self):
        found = safety.unused_accounts(
            PeopleFacts(self.NOBODY, Some(7, ("Ana", "Tom", "Zoe")), self.NOBODY, self.NOBODY)
        )
        assert found is not None
        assert found.title == "7 accounts were not used for 90 days"
        assert found.concerns == "Ana, Tom, Zoe and 4 others"


class TestScore:
    async def test_reads_the_facts_of_ones_own_organization(self, cast):
        made.install()
        await make_key(cast.teacher, Permission.home_read)
        async with transaction(cast.administrator) as session:
            found = {
                each.finding.key: each.finding for each in (await score.score(session, cast.administrator)).findings
            }
        assert found["single_administrator"].concerns == "Jonas Prie"
        assert found["keys_without_expiry"].concerns == "“Test”"
        async with transaction(cast.stranger) as session:
            theirs = {each.finding.key for each in (await score.score(session, cast.stranger)).findings}
        assert "keys_without_expiry" not in theirs

    async def test_is_for_those_who_may_see_it(self, cast):
        async with transaction(cast.head) as session:
            with pytest.raises(NotPermitted):
                await score.score(session, cast.head)
