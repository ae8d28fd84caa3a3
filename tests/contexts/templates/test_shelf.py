import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import col

from faraday_app.contexts.models import Audience, TemplateVersion
from faraday_app.contexts.service.templates import files, shelf
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AuditEvent
from tests.factories.roles import allow, confirmed
from tests.factories.templates import FIELDS, change, draft, make


async def names(actor, words="", **more):
    async with transaction(actor) as session:
        return [each.template.name for each in await shelf.listed(session, actor, words, **more)]


async def share(actor, opened, audience, *roles):
    async with transaction(actor) as session:
        return await shelf.share(session, actor, opened.template.id, Audience(audience), roles)


class TestCreate:
    async def test_makes_one_that_others_do_not_see(self, cast):
        opened = await make(cast.teacher)
        assert await names(cast.teacher) == ["Explain it"]
        for person in (cast.colleague, cast.administrator, cast.stranger):
            assert await names(person) == []
            async with transaction(person) as session:
                with pytest.raises(NotFound):
                    await shelf.get(session, person, opened.template.id)

    async def test_is_for_students_but_not_for_parents(self, cast):
        await make(cast.student, "Mine")
        with pytest.raises(NotPermitted):
            await make(cast.parent)

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ({"name": " "}, "name"),
            ({"name": "x" * 81}, "80 characters"),
            ({"name": "a\x00"}, "cannot be stored"),
            ({"text": "a\ud800"}, "cannot be stored"),
            ({"category": "x" * 41}, "40 characters"),
            ({"about": "x" * 301}, "300 characters"),
            ({"text": "  "}, "Write the text"),
            ({"text": "{{ 7*7 }}"}, "Line 1: .*no name"),
            ({"text": "{{other}}"}, "nobody is asked"),
            ({"fields": [*FIELDS, FIELDS[0]]}, "twice"),
        ],
    )
    async def test_refuses_what_cannot_be(self, cast, wrong, why):
        with pytest.raises(Invalid, match=why):
            await make(cast.teacher, **wrong)


class TestChange:
    async def test_makes_a_version_only_of_another_text_or_other_fields(self, cast):
        opened = await make(cast.teacher)
        assert (await change(cast.teacher, opened, about="For science")).version.number == 1
        assert (await change(cast.teacher, opened, text="Tell me of {{topic}}.", note="Shorter")).version.number == 2
        async with transaction(cast.teacher) as session:
            found = await shelf.versions(session, cast.teacher, opened.template.id)
            earlier = await shelf.get(session, cast.teacher, opened.template.id, 1)
        assert [(each.number, each.note) for each in found] == [(2, "Shorter"), (1, "")]
        assert earlier.version.text.startswith("Explain")

    async def test_is_refused_to_others_and_for_an_older_state(self, cast):
        opened = await make(cast.teacher, audience="organization")
        async with transaction(cast.colleague) as session:
            with pytest.raises(NotPermitted):
                await shelf.change(session, cast.colleague, opened.template.id, 2, draft("Taken"))
        async with transaction(cast.teacher) as session:
            with pytest.raises(Conflict):
                await shelf.change(session, cast.teacher, opened.template.id, 1, draft("Late"))

    async def test_cannot_touch_a_version_even_past_the_service(self, cast):
        opened = await make(cast.teacher)
        with pytest.raises(ProgrammingError, match="keeps what it holds"):
            async with transaction(Actor.system()) as session:
                await session.execute(
                    text("update template_versions set text = 'x' where id = :id"), {"id": opened.version.id}
                )

    async def test_brings_an_earlier_version_back_as_a_new_one(self, cast):
        opened = await make(cast.teacher)
        await change(cast.teacher, opened, text="Other {{topic}}")
        async with transaction(cast.teacher) as session:
            again = await shelf.restore_version(session, cast.teacher, opened.template.id, 1)
        assert (again.version.number, again.version.text) == (3, opened.version.text)
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotFound):
                await shelf.restore_version(session, cast.teacher, opened.template.id, 9)


class TestShare:
    async def test_is_with_the_organisation_or_with_named_roles_and_nobody_else(self, cast):
        opened = await make(cast.teacher)
        await share(cast.teacher, opened, "organization")
        assert await names(cast.student) == await names(cast.parent) == ["Explain it"]
        await share(cast.teacher, opened, "roles", "aide", "head")
        assert await names(cast.aide) == await names(cast.head) == ["Explain it"]
        assert await names(cast.student) == await names(cast.stranger) == []
        await share(cast.teacher, opened, "me")
        assert await names(cast.aide) == []

    async def test_reaches_whoever_holds_a_role_of_the_organisations_own(self, cast):
        from faraday_app.organizations.service import assignments, roles
        from faraday_app.organizations.service.identity import member
        from faraday_app.organizations.service.subjects import RoleDraft

        async with transaction(cast.administrator) as session:
            author = confirmed(cast.administrator)
            role_id = await roles.create_role(session, author, RoleDraft("Mentor", "", "", (allow("people:read"),)))
            await assignments.give_role(session, author, role_id, cast.aide.user)
        await share(cast.teacher, await make(cast.teacher), "roles", str(role_id))
        async with transaction(Actor.system(cast.organization_id)) as session:
            mentor = await member(session, cast.aide.user, cast.organization_id)
        assert (await names(mentor), await names(cast.head)) == (["Explain it"], [])

    async def test_is_not_for_students_nor_with_roles_that_are_not_there(self, cast):
        with pytest.raises(NotPermitted):
            await share(cast.student, await make(cast.student), "organization")
        opened = await make(cast.teacher)
        for roles in ((), ("wizard",), ("aide", "wizard")):
            with pytest.raises(Invalid):
                await share(cast.teacher, opened, "roles", *roles)


class TestListed:
    async def test_finds_by_words_category_and_whose_it_is(self, cast):
        await make(cast.teacher, "Letter home", category="Letters", about="Field trips")
        await make(cast.teacher, "Quiz")
        await make(cast.colleague, "Plan", audience="organization", category="Planning")
        assert await names(cast.teacher) == ["Plan", "Quiz", "Letter home"]
        assert await names(cast.teacher, "field letter") == ["Letter home"]
        assert await names(cast.teacher, "100%") == []
        assert await names(cast.teacher, category="Planning") == ["Plan"]
        assert await names(cast.teacher, mine=True) == ["Quiz", "Letter home"]
        async with transaction(cast.teacher) as session:
            assert (await shelf.categories(session, cast.teacher))[:3] == ["Teaching", "Feedback", "Letters"]

    async def test_offers_nobody_what_is_put_away(self, cast):
        opened = await make(cast.teacher, audience="organization")
        async with transaction(cast.teacher) as session:
            await shelf.set_archived(session, cast.teacher, opened.template.id, True)
        assert await names(cast.student) == await names(cast.teacher) == []
        assert await names(cast.teacher, archived=True) == ["Explain it"]
        async with transaction(cast.student) as session:
            with pytest.raises(NotFound):
                await shelf.get(session, cast.student, opened.template.id)
        async with transaction(cast.teacher) as session:
            await shelf.set_archived(session, cast.teacher, opened.template.id, False)
        assert await names(cast.student) == ["Explain it"]
        async with transaction(Actor.system()) as session:
            query = select(col(AuditEvent.action)).where(col(AuditEvent.target_id) == opened.template.id)
            done = (await session.scalars(query.order_by(col(AuditEvent.id)))).all()
        assert done == [f"template.{word}" for word in ("created", "shared", "archived", "restored")]


class TestFiles:
    async def test_come_back_as_they_were_and_belong_to_whoever_imports(self, cast):
        opened = await make(cast.teacher, audience="organization", about="For science")
        async with transaction(cast.colleague) as session:
            written = files.written(await files.exported(session, cast.colleague, [opened.template.id]))
        async with transaction(cast.student) as session:
            (made,) = await files.imported(session, cast.student, files.parsed(written))
        assert (made.template.owner_id, made.template.audience) == (cast.student.user, "me")
        assert (made.version.text, made.version.variables) == (opened.version.text, opened.version.variables)
        assert made.template.about == "For science"

    async def test_gain_neither_owner_nor_organisation_nor_rights(self, cast):
        greedy = {
            "owner_id": str(cast.administrator.user),
            "organization_id": str(cast.stranger.organization_id),
            "audience": "organization",
            "roles": ["student"],
            "shared": True,
            "version": 99,
        }
        one = {"name": "Greedy", "text": "Hello", **greedy}
        async with transaction(cast.student) as session:
            file = files.parsed(json.dumps({**greedy, "version": 1, "templates": [one]}))
            (made,) = await files.imported(session, cast.student, file)
        assert made.template.owner_id == cast.student.user
        assert made.template.organization_id == cast.organization_id
        assert (made.template.audience, made.template.roles, made.version.number) == ("me", [], 1)
        assert await names(cast.teacher) == await names(cast.stranger) == []

    @pytest.mark.parametrize(
        "bad",
        ["", "no", "[]", "null", "{}", '{"templates": []}', '{"templates": [{"name": "a"}]}', "[" * 100_000,
         '{"templates": [{"name": "a", "text": "{{b}}", "variables": [{"name": "B"}]}]}',
         '{"version": 2, "templates": [{"name": "a", "text": "b"}]}', "x" * 600_000,
         '{"templates": [{"name": "a\\ud800", "text": "b"}]}'],
    )  # fmt: skip
    async def test_say_what_is_wrong_with_them(self, bad):
        with pytest.raises(Invalid):
            files.parsed(bad)

    async def test_are_taken_as_a_whole_or_not_at_all(self, cast):
        file = files.File(templates=[{"name": "Good", "text": "a"}, {"name": "Bad", "text": "{{b}}"}])
        with pytest.raises(Invalid):
            async with transaction(cast.teacher) as session:
                await files.imported(session, cast.teacher, file)
        assert await names(cast.teacher) == []


async def test_versions_are_of_one_organisation(cast):
    await make(cast.teacher)
    async with transaction(cast.stranger) as session:
        assert (await session.scalars(select(TemplateVersion))).all() == []
