"""The tabs of templates, of the picker in the message box, and of marks on messages."""

import json

import pytest

from faraday_app.contexts.models import Access
from faraday_app.contexts.orchestration.conductor import conductor
from faraday_app.contexts.state import MarksState, PickerState, TemplatesState, TemplateState, ThreadState
from faraday_app.core.errors import NotFound, NotPermitted
from tests.factories.contexts import begin, fund, share, shown
from tests.factories.tabs import open_at, open_tab, sent
from tests.factories.templates import FIELDS, TEXT, change, make, reply, say, use

# What a form sends of fields that are not shown.
ABSENT = dict.fromkeys(("shortest", "longest", "pattern", "choices", "earliest", "latest"))


async def opened(actor, context_id):
    """The thread of an open conversation."""
    tab = await open_tab(actor, ThreadState)
    tab.id = str(context_id)
    await ThreadState.refresh.fn(tab)
    return tab


def acts(event) -> list:
    """What a page is asked to do."""
    return json.loads(sent(event)["javascript_code"])


class TestTemplatesState:
    async def test_lists_finds_and_puts_away(self, cast):
        await make(cast.colleague, "Letter", audience="organization", category="Letters")
        await make(cast.teacher, "Quiz")
        tab = await open_tab(cast.teacher, TemplatesState)
        await TemplatesState.refresh.fn(tab)
        assert [(row.name, row.whose, row.audience, row.mine) for row in tab.rows] == [
            ("Quiz", "Yours", "Only you", True),
            ("Letter", "By Ana Ruiz", "Everybody", False),
        ]
        await TemplatesState.set_category.fn(tab, "Letters")
        assert [row.name for row in tab.rows] == ["Letter"]
        with pytest.raises(NotPermitted):
            await TemplatesState.set_archived.fn(tab, tab.rows[0].id, True)
        await TemplatesState.set_category.fn(tab, "")
        await TemplatesState.set_archived.fn(tab, tab.rows[0].id, True)
        await TemplatesState.show.fn(tab, "archived")
        assert [row.name for row in tab.rows] == ["Quiz"]

    async def test_takes_in_a_file_and_says_what_is_wrong_with_one(self, cast):
        tab = await open_tab(cast.student, TemplatesState)
        await TemplatesState.set_importing.fn(tab, True)
        await TemplatesState.import_file.fn(tab, {"template_file": "no"})
        assert (tab.importing, tab.problem) == (True, "This is no JSON file.")
        file = {"templates": [{"name": "Mine", "text": TEXT, "variables": FIELDS, "audience": "organization"}]}
        await TemplatesState.import_file.fn(tab, {"template_file": json.dumps(file)})
        assert (tab.importing, [(row.name, row.shared) for row in tab.rows]) == (False, [("Mine", False)])

    async def test_copies_what_is_shared(self, cast):
        found = await make(cast.teacher, audience="organization")
        tab = await open_tab(cast.student, TemplatesState)
        await TemplatesState.enter.fn(tab)
        twice = [sent(await TemplatesState.copy.fn(tab, str(found.template.id))) for _ in range(2)]
        assert twice[0] == twice[1]
        await TemplatesState.refresh.fn(tab)
        assert [(row.name, row.mine) for row in tab.rows] == [("Explain it (copy)", True), ("Explain it", False)]


class TestTemplateState:
    async def test_asks_for_what_the_text_names_and_shows_what_comes_of_it(self, cast):
        tab = await open_at(cast.teacher, TemplateState, "/templates/new")
        await TemplateState.set_text.fn(tab, "Say {{topic}}{{?when}} by {{when}}{{/when}}.")
        assert [(field.name, field.used) for field in tab.variables] == [("topic", True), ("when", True)]
        assert "Say [Topic] by [When]." in tab.preview
        await TemplateState.set_text.fn(tab, "Say {{topic")
        assert (tab.mistake[:7], tab.dirty) == ("Line 1:", True)
        await TemplateState.set_text.fn(tab, "Say {{topic}}.")
        assert [(field.name, field.used) for field in tab.variables] == [("topic", True), ("when", False)]
        await TemplateState.drop_field.fn(tab, "when")
        assert len(tab.variables) == 1

    async def test_checks_a_field_where_it_is_made(self, cast):
        tab = await open_at(cast.teacher, TemplateState, "/templates/new")
        await TemplateState.edit_field.fn(tab, "topic")
        await TemplateState.set_kind.fn(tab, "number")
        await TemplateState.save_field.fn(tab, {"least": "5", "most": "2"})
        assert (tab.editing, "smallest" in tab.field_problem) == ("topic", True)
        await TemplateState.save_field.fn(
            tab, {**ABSENT, "label": "Grade", "least": "1", "most": "13", "required": "on"}
        )
        assert (tab.editing, tab.variables[0].about) == ("", "Number · required · 1–13")

    async def test_saves_versions_and_brings_one_back(self, cast):
        tab = await open_at(cast.teacher, TemplateState, "/templates/new")
        await TemplateState.save.fn(tab)
        assert tab.problem == "Enter a name of up to 80 characters."
        await TemplateState.set_about.fn(tab, "name", "Explain it")
        await TemplateState.save.fn(tab)
        await TemplateState.set_text.fn(tab, "Other {{topic}}")
        await TemplateState.save.fn(tab)
        assert (tab.number, tab.dirty, [each.number for each in tab.versions]) == (2, False, [2, 1])
        await TemplateState.use_again.fn(tab, 1)
        assert (tab.number, tab.text) == (3, "Explain {{topic}} to …")
        other = await open_at(cast.teacher, TemplateState, f"/templates/{tab.id}")
        await TemplateState.set_about.fn(other, "about", "Changed elsewhere")
        await TemplateState.save.fn(other)
        await TemplateState.set_about.fn(tab, "about", "Late")
        await TemplateState.save.fn(tab)
        assert "changed meanwhile" in tab.problem

    async def test_shows_others_the_text_but_not_what_it_came_to(self, cast):
        found = await make(cast.teacher, audience="organization")
        tab = await open_at(cast.student, TemplateState, f"/templates/{found.template.id}")
        assert (tab.name, tab.mine, tab.figures, tab.shared_by) == ("Explain it", False, [], "Maya Okafor")
        await TemplateState.save.fn(tab)
        assert "Only its owner" in tab.problem
        hidden = await make(cast.teacher)
        stranger = await open_at(cast.stranger, TemplateState, f"/templates/{hidden.template.id}")
        assert (stranger.name, stranger.text) == ("", "")

    async def test_compares_two_versions_until_one_is_chosen(self, cast):
        found = await make(cast.teacher)
        current = await change(cast.teacher, found, text="Say {{topic}}.")
        await use(cast.teacher, current, await begin(cast.teacher))
        tab = await open_at(cast.teacher, TemplateState, f"/templates/{found.template.id}")
        assert dict(tab.figures)["Uses"] == "1"
        await TemplateState.compare.fn(tab, {"first": "1", "second": "2", "share": "50"})
        assert (tab.comparing, tab.compared[0][:20]) == (True, "Not enough uses yet:")
        await TemplateState.choose_winner.fn(tab, "1")
        assert (tab.comparing, tab.number) == (False, 1)

    async def test_shares_with_roles(self, cast):
        found = await make(cast.teacher)
        tab = await open_at(cast.teacher, TemplateState, f"/templates/{found.template.id}")
        await TemplateState.share.fn(tab, {"audience": "roles", "role-aide": "on"})
        assert [key for key, _, on in tab.roles if on] == ["aide"]
        aide = await open_tab(cast.aide, PickerState)
        await PickerState.begin.fn(aide)
        assert [each.name for each in aide.offered] == ["Explain it"]


class TestPickerState:
    async def test_fills_in_checks_and_puts_into_the_box(self, cast):
        found = await make(cast.teacher)
        tab = await open_tab(cast.teacher, PickerState)
        await PickerState.begin.fn(tab)
        await PickerState.choose.fn(tab, str(found.template.id))
        assert [(field.name, field.value, field.type) for field in tab.fields] == [
            ("topic", "", "text"), ("grade", "7", "number"), ("hint", "", "text"),
        ]  # fmt: skip
        await PickerState.enter.fn(tab, "grade", "99")
        assert [field.problem for field in tab.fields] == ["", "13 at most.", ""]
        await PickerState.submit.fn(tab, {"field-grade": "9"})
        assert (tab.open, [field.problem for field in tab.fields]) == (True, ["Fill this in.", "", ""])
        event = await PickerState.submit.fn(tab, {"field-topic": "{{tides}}", "field-grade": "9"})
        assert acts(event) == ["insert", "message", "Explain {{tides}} to grade 9."]
        assert tab.open is False

    @pytest.mark.parametrize(
        ("sent_text", "remembered"), [("Explain tides to grade 7. Please!", True), ("Never mind that one", False)]
    )
    async def test_is_remembered_with_the_message_if_it_still_stands(self, cast, monkeypatch, sent_text, remembered):
        monkeypatch.setattr(conductor, "launch", lambda started: None)  # nobody answers
        await fund(cast, cast.teacher)
        found, context_id = await make(cast.teacher), await begin(cast.teacher)
        thread = await opened(cast.teacher, context_id)
        picker = await thread.get_state(PickerState)
        await PickerState.choose.fn(picker, str(found.template.id))
        await PickerState.submit.fn(picker, {"field-topic": "tides", "field-grade": "7"})
        await ThreadState.ask.fn(thread, {"message": sent_text})
        marks = await thread.get_state(MarksState)
        assert list(marks.uses.values()) == (["Explain it, version 1"] if remembered else [])

    async def test_offers_nobody_what_is_not_theirs(self, cast):
        found = await make(cast.teacher)
        for person in (cast.student, cast.stranger):
            tab = await open_tab(person, PickerState)
            await PickerState.begin.fn(tab)
            assert tab.offered == []
            with pytest.raises(NotFound):
                await PickerState.choose.fn(tab, str(found.template.id))


class TestMarksState:
    async def test_pins_for_everybody_and_leads_there(self, cast):
        context_id = await begin(cast.teacher)
        asked = await say(cast.teacher, context_id, "Why tides?")
        await share(cast.teacher, context_id, cast.student)
        marks = await (await opened(cast.teacher, context_id)).get_state(MarksState)
        await MarksState.toggle_pin.fn(marks, str(asked.id))
        reader = await (await opened(cast.student, context_id)).get_state(MarksState)
        assert [(each.name, each.before) for each in reader.pins] == [("Maya Okafor", "Why tides?")]
        assert acts(await MarksState.go_to.fn(reader, str(asked.id))) == ["show", f"message-{asked.id}"]
        with pytest.raises(NotPermitted):
            await MarksState.toggle_pin.fn(reader, str(asked.id))

    async def test_shows_another_branch_to_reach_a_message(self, cast):
        context_id = await begin(cast.teacher)
        asked = await say(cast.teacher, context_id)
        first = await reply(asked, "The first answer.")
        await reply(asked, "The second answer.")
        await share(cast.teacher, context_id, cast.student, Access.viewer)
        reader = await (await opened(cast.student, context_id)).get_state(MarksState)
        assert "another branch" in str(acts(await MarksState.go_to.fn(reader, str(first.id))))
        marks = await (await opened(cast.teacher, context_id)).get_state(MarksState)
        await MarksState.go_to.fn(marks, str(first.id))
        assert (await shown(cast.teacher, context_id))[-1].message.id == first.id

    async def test_quotes_with_the_way_back(self, cast):
        context_id = await begin(cast.teacher)
        answer = await reply(await say(cast.teacher, context_id), "One.\n\nTwo.")
        marks = await (await opened(cast.teacher, context_id)).get_state(MarksState)
        _, field, text = acts(await MarksState.cite.fn(marks, str(answer.id)))
        link = f"> — [answer](/assistant/{context_id}#message-{answer.id})"
        assert (field, text) == ("message", f"> One.\n>\n> Two.\n>\n{link}\n\n")

    async def test_finds_words_and_marks_them(self, cast):
        context_id = await begin(cast.teacher)
        await say(cast.teacher, context_id, "Why does the <b>moon</b> pull?")
        marks = await (await opened(cast.teacher, context_id)).get_state(MarksState)
        await MarksState.set_search.fn(marks, "moon")
        (hit,) = marks.hits
        assert (hit.found, "pull" in hit.after, marks.has_more) == ("moon", True, False)

    async def test_forks_into_a_conversation_of_ones_own(self, cast):
        context_id = await begin(cast.teacher)
        asked = await say(cast.teacher, context_id)
        await share(cast.teacher, context_id, cast.student)
        marks = await (await opened(cast.student, context_id)).get_state(MarksState)
        _, going = await MarksState.fork.fn(marks, str(asked.id))
        copy = str(sent(going)["path"]).strip('"').rsplit("/", 1)[-1]
        assert len(await shown(cast.student, copy)) == 1
