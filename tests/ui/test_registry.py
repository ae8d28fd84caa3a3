"""Pages, places and the top bar."""

import pytest
import reflex as rx

from faraday_app.core.permissions import Permission
from faraday_app.ui.shell import registry
from faraday_app.ui.shell.registry import Nav, page, places


@pytest.fixture(autouse=True)
def pages(monkeypatch):
    monkeypatch.setattr(registry, "PAGES", {})


def _content() -> rx.Component:
    return rx.fragment()


def _page(key: str, section: registry.Section = "", order: int = 1, *, phone: bool = False) -> None:
    nav = Nav(key, key.title(), "house", section, order, phone=phone)
    page(f"/{key}", key.title(), Permission.home_read, nav=nav)(_content)


class TestPage:
    def test_keeps_what_the_domain_declared(self):
        page("/people", "People", Permission.people_read, on_load=[rx.noop()])(_content)
        spec = registry.PAGES["/people"]
        assert (spec.title, spec.permission, spec.component) == ("People", Permission.people_read, _content)
        assert len(spec.on_load) == 1

    def test_refuses_a_second_page_at_a_route(self):
        _page("people")
        with pytest.raises(ValueError, match="/people"):
            _page("people")

    def test_lights_up_its_own_place_or_the_one_it_belongs_to(self):
        _page("people")
        page("/people/[person_id]", "Person", Permission.people_read, place="people")(_content)
        assert {spec.place for spec in registry.PAGES.values()} == {"people"}


class TestPlaces:
    def test_are_sorted_by_section_then_order(self):
        _page("audit", "Administration")
        _page("grades", "Classroom", 2)
        _page("classes", "Classroom", 1)
        _page("home")
        assert [spec.place for spec in places()] == ["home", "classes", "grades", "audit"]

    def test_leave_out_pages_without_a_place(self):
        page("/hidden", "Hidden", None)(_content)
        assert places() == []

    def test_on_a_phone_are_those_that_ask_for_it(self):
        _page("home", phone=True)
        _page("audit", "Administration")
        assert [spec.place for spec in places(phone=True)] == ["home"]
