"""What stands over the pages of a class, and which pages it has."""

import pytest

from faraday_app.classes import views
from faraday_app.classes.service.heading import heading
from faraday_app.classes.views import ClassPlace, class_places, register_place
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Permission
from faraday_app.ui import place_row
from tests.factories.classes import make_classroom


class TestHeading:
    async def test_says_to_each_what_they_are_to_the_class(self, cast):
        classroom = await make_classroom(cast)
        said = {}
        for name, actor in {
            "maya": cast.teacher,
            "sara": cast.aide,
            "elif": cast.student,
            "nadir": cast.parent,
            "karim": classroom.karim,
            "jonas": cast.administrator,
            "tom": cast.head,
        }.items():
            async with transaction(actor) as session:
                head = await heading(session, actor, classroom.id)
            said[name] = (head.name, head.term, head.standing, head.children, head.is_staff, head.grades)
        what = "Biology 9B", "Autumn term"
        assert said == {
            "maya": (*what, "Teacher", "", True, True),
            "sara": (*what, "Aide", "", True, False),
            "elif": (*what, "Student", "", False, False),
            "nadir": (*what, "Parent", "Elif Kaya and Emre Kaya", False, False),
            "karim": (*what, "Parent", "Amina Haddad", False, False),
            "jonas": (*what, "Overseer", "", True, True),
            "tom": (*what, "Overseer", "", True, True),
        }

    async def test_is_for_nobody_outside(self, cast):
        classroom = await make_classroom(cast)
        for actor in (cast.colleague, cast.stranger):
            async with transaction(actor) as session:
                with pytest.raises(NotFound):
                    await heading(session, actor, classroom.id)


class TestPlaces:
    @pytest.fixture(autouse=True)
    def alone(self, monkeypatch):
        monkeypatch.setattr(views, "_PLACES", {})

    def test_stand_in_their_order(self):
        for key, order in (("people", 90), ("gradebook", 20), ("assignments", 10)):
            register_place(ClassPlace(key, key.title(), "users", f"/class/{key}", Permission.classes_read, order))
        assert [place.key for place in class_places()] == ["assignments", "gradebook", "people"]

    def test_are_registered_once(self):
        place = ClassPlace("people", "People", "users", "/class", Permission.classes_read)
        register_place(place)
        with pytest.raises(ValueError, match="people"):
            register_place(place)

    def test_are_links_that_say_which_class(self):
        place = ClassPlace("people", "People", "users", "/class", Permission.classes_read)
        row = str(place_row("Places of this class", [place], current="people", id="42").render())
        assert "/class?id=" in row
        assert "Places of this class" in row
