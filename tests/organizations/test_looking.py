"""Opening a person, or a student's conversation, leaves a trace."""

from faraday_app.contexts.models import Access
from faraday_app.contexts.service import conversations, sharing
from faraday_app.contexts.service.looking import open_context
from faraday_app.core.database import transaction
from faraday_app.organizations.service import people
from faraday_app.organizations.service.looking import open_person
from faraday_app.organizations.state import MemberState
from tests.factories.tabs import open_tab
from tests.security.test_record_views import views_of


class TestOpenPerson:
    async def test_is_recorded_and_listing_is_not(self, cast):
        async with transaction(cast.administrator) as session:
            await people.search(session, cast.administrator, people.PeopleFilter())
            await open_person(session, cast.administrator, cast.student.user)
        assert await views_of(cast, cast.student) == [("Jonas Prie", "profile")]

    async def test_happens_on_the_page_of_people(self, cast):
        page = await open_tab(cast.administrator, MemberState)
        await MemberState.edit.fn(page, str(cast.student.user))
        assert page.name == "Elif Kaya"
        assert await views_of(cast, cast.student) == [("Jonas Prie", "profile")]


class TestOpenContext:
    async def test_is_recorded_when_it_is_a_students(self, cast):
        context_id = await self.shared(cast.student, cast.teacher)
        await self.look(cast.student, context_id)
        await self.look(cast.teacher, context_id)
        assert await views_of(cast, cast.student) == [("Maya Okafor", f"conversation …{str(context_id)[-6:]}")]

    async def test_is_not_when_it_is_a_teachers(self, cast):
        context_id = await self.shared(cast.teacher, cast.colleague)
        await self.look(cast.colleague, context_id)
        assert await views_of(cast, cast.teacher) == []

    async def shared(self, owner, reader):
        async with transaction(owner) as session:
            context = await conversations.begin(session, owner, "Photosynthesis")
            await sharing.share(session, owner, context.id, reader.user, Access.viewer)
        return context.id

    async def look(self, viewer, context_id):
        async with transaction(viewer) as session:
            await open_context(session, viewer, context_id)
