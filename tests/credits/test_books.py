"""Whatever several people do, one after another or all at once, the books agree."""

import asyncio
import contextlib
from dataclasses import dataclass
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, PaymentNeeded
from faraday_app.core.permissions import Actor, Role
from faraday_app.credits.models import Hold
from tests.factories.credits import give, hold, lapse, open_pool, release, release_expired, settle
from tests.factories.people import make_organization, make_person

POOL = 80

DIFFERENCES = text("""
select 'entries of ' || organization_id || ' sum to ' || sum(amount)
  from credit_entries group by organization_id having sum(amount) <> 0
union all
select kind || ' has ' || balance || ', its entries ' || (select coalesce(sum(amount), 0) from credit_entries
  where account_id = credit_accounts.id)
  from credit_accounts where balance <> (select coalesce(sum(amount), 0) from credit_entries
  where account_id = credit_accounts.id)
union all
select kind || ' holds ' || held from credit_accounts where held <> (select coalesce(sum(amount), 0) from credit_holds
  where account_id = credit_accounts.id and closed_at is null)
union all
select kind || ' is below zero' from credit_accounts where kind <> 'issued' and
  (select coalesce(sum(amount), 0) from credit_entries where account_id = credit_accounts.id) < 0
union all
select 'settlements of ' || settled.account_id || ' differ from its entries'
  from (select account_id, sum(settled) as amount from credit_holds group by account_id) settled
  where settled.amount <> (select coalesce(-sum(amount), 0) from credit_entries
    where account_id = settled.account_id and amount < 0)
union all
select 'a line of ' || account_id || ' does not follow from the one before' from (
  select account_id, balance - amount as start, lag(balance, 1, 0::bigint) over (partition by account_id order by id)
    as finish from credit_entries where balance is not null) lines where start <> finish
""")


@dataclass
class School:
    """Three people, their holds, and an administrator with a small pool."""

    giver: Actor
    people: list[Actor]
    holds: list[tuple[Actor, Hold]]

    async def do(self, verb: str, who: int, amount: int, which: int) -> None:
        """One act. That there are not enough credits, or that a key was used for another act, is an answer too."""
        person = self.people[who]
        with contextlib.suppress(PaymentNeeded, Conflict):
            if verb == "grant":
                await give(self.giver, person, amount, key=f"grant {which}")
            elif verb == "hold":
                self.holds.append((person, await hold(person, amount)))
            elif self.holds:
                owner, held = self.holds[which % len(self.holds)]
                if verb == "settle":
                    await settle(owner, held, amount, key=f"run {which}")
                elif verb == "release":
                    await release(owner, held)
                else:
                    await lapse(held)
                    if verb == "expire":
                        await release_expired()


async def open_school() -> School:
    organization: UUID = await make_organization()
    giver = await make_person(organization, Role.administrator, "Jonas Prie")
    people = [await make_person(organization, Role.teacher, name) for name in ("Maya Okafor", "Ana Ruiz", "Tom Lee")]
    await open_pool(giver, POOL)
    for person in people:
        await give(giver, person, 10)
    return School(giver, people, [])


async def differences(school: School) -> list[str]:
    async with transaction(school.giver) as session:
        return list((await session.scalars(DIFFERENCES)).all())


VERBS = st.sampled_from(["grant", "hold", "hold", "settle", "settle", "release", "lapse", "expire", "expire"])
ACTS = st.lists(st.tuples(VERBS, st.integers(0, 2), st.integers(1, 12), st.integers(0, 4)), min_size=4, max_size=24)
RELAXED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class TestTheBooks:
    @RELAXED
    @given(acts=ACTS)
    async def test_agree_after_every_act(self, acts):
        school = await open_school()
        for act in acts:
            await school.do(*act)
            assert await differences(school) == []

    @RELAXED
    @given(acts=ACTS, together=st.integers(2, 12))
    async def test_agree_when_everybody_acts_at_once(self, acts, together):
        school = await open_school()
        for start in range(0, len(acts), together):
            await asyncio.gather(*(school.do(*act) for act in acts[start : start + together]))
            assert await differences(school) == []

    @RELAXED
    @given(acts=ACTS)
    async def test_agree_when_everything_comes_twice_at_once(self, acts):
        school = await open_school()
        await asyncio.gather(*(school.do(*act) for act in [*acts, *acts]))
        assert await differences(school) == []
