"""The trail alone tells who may what: folded, it equals the tables."""

import random
from datetime import timedelta

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.permissions import Role
from faraday_app.organizations.service import people, rights_history, roles
from faraday_app.security.service import audit
from tests.factories.people import make_person
from tests.factories.roles import allow, change_role, confirmed, deny, give, make_role, set_rules, withdraw

PATTERNS = ("people:read", "people:*", "audit:read", "assistant:use", "presence:read")


class Changes:
    """A school in which something happens to somebody's rights at every step."""

    def __init__(self, cast, seed):
        self.cast, self.chance, self.roles, self.done = cast, random.Random(seed), [], 0
        self.people = [cast.head, cast.teacher, cast.colleague, cast.aide, cast.student, cast.parent]

    def rules(self):
        return [
            self.chance.choice((allow, deny))(
                pattern,
                self.chance.choice((None, now() + timedelta(days=self.chance.randint(1, 9)))),
                own_department=self.chance.random() < 0.3,
                addresses=self.chance.choice(((), ("192.0.2.0/24",))),
            )
            for pattern in self.chance.sample(PATTERNS, self.chance.randint(0, 3))
        ]

    async def step(self):
        verbs = (self.create, self.change, self.delete, self.give, self.withdraw, self.rule, self.move, self.leave)
        try:
            await self.chance.choice(verbs)()
            self.done += 1
        except (FaradayError, IndexError):
            pass  # refused, and undone: the trail must not tell of it either

    async def create(self):
        parent = self.chance.choice(["", "teacher", *self.roles])
        name = f"Role {self.chance.randint(0, 999)}"
        self.roles.append(await make_role(self.cast.administrator, name, *self.rules(), parent=parent))

    async def change(self):
        parent = str(self.chance.choice(["", "aide", *self.roles]))
        await change_role(self.cast.administrator, self.chance.choice(self.roles), *self.rules(), parent=parent)

    async def delete(self):
        role_id = self.chance.choice(self.roles)
        async with transaction(self.cast.administrator) as session:
            await roles.delete_role(session, confirmed(self.cast.administrator), role_id)
        self.roles.remove(role_id)

    async def give(self):
        until = self.chance.choice((None, now() + timedelta(days=self.chance.randint(1, 9))))
        someone = self.chance.choice(self.people)
        await give(self.cast.administrator, self.chance.choice(self.roles), someone, until)

    async def withdraw(self):
        await withdraw(self.cast.administrator, self.chance.choice(self.roles), self.chance.choice(self.people))

    async def rule(self):
        await set_rules(self.cast.administrator, self.chance.choice(self.people), *self.rules())

    async def move(self):
        actor, someone = self.cast.administrator, self.chance.choice(self.people)
        department = self.chance.choice((None, self.cast.head.department_id))
        async with transaction(actor) as session:
            version = (await people.get_person(session, actor, someone.user)).version
            role = self.chance.choice(list(Role))
            await people.change_member(session, actor, someone.user, version, role, department)

    async def leave(self):
        someone = self.chance.choice(self.people)
        async with transaction(self.cast.administrator) as session:
            verb = self.chance.choice((people.deactivate, people.reactivate))
            await verb(session, self.cast.administrator, someone.user)


class TestRebuild:
    async def test_equals_the_tables_after_any_changes(self, cast):
        for seed in range(3):
            changes = Changes(cast, seed)
            for _ in range(40):
                await changes.step()
            changes.people.append(await make_person(cast.organization_id, Role.teacher, f"New {seed}"))
            async with transaction(cast.administrator) as session:
                told = await rights_history.history(session, cast.administrator)
                assert told == await rights_history.current(session, cast.administrator)
            assert changes.done > 10

    async def test_knows_an_earlier_state(self, cast):
        role_id = await make_role(cast.administrator, "Lab lead", allow("people:read"))
        await give(cast.administrator, role_id, cast.student)
        async with transaction(cast.administrator) as session:
            then = await rights_history.current(session, cast.administrator)
            last = (await audit.recent(session, cast.administrator, 1))[0].id
        await withdraw(cast.administrator, role_id, cast.student)
        await set_rules(cast.administrator, cast.aide, deny("assistant:use"))
        async with transaction(cast.administrator) as session:
            assert await rights_history.history(session, cast.administrator, last) == then
            assert await rights_history.history(session, cast.administrator) != then
