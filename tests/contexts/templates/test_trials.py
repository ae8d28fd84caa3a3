"""Uses, what they came to, and two versions side by side."""

import random

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.contexts.models import Mode, Orchestration, Status
from faraday_app.contexts.service.templates import results, shelf, trials, uses
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from tests.factories.contexts import begin
from tests.factories.templates import FIELDS, change, make, rendered, reply, say, use


async def found(actor, opened):
    async with transaction(actor) as session:
        return await results.of(session, actor, opened.template.id)


async def start(actor, opened, first=1, second=2, part=50):
    async with transaction(actor) as session:
        return await trials.start(session, actor, opened.template.id, first, second, part)


async def end(actor, opened, winner):
    async with transaction(actor) as session:
        await trials.end(session, actor, opened.template.id, winner)


@pytest.fixture
async def two(cast):
    """A shared template with two versions: the current second one and the first."""
    opened = await make(cast.teacher, audience="organization")
    return opened, await change(cast.teacher, opened, text="Say what {{topic}} is.", fields=[FIELDS[0]])


class TestRender:
    async def test_puts_in_what_was_entered(self, cast):
        opened = await make(cast.teacher)
        ready = await rendered(cast.teacher, opened.template.id, topic="{{grade}}", hint="")
        assert ready.text == "Explain {{grade}} to grade 7."
        assert (ready.filled.at_default, ready.filled.left_empty) == (("grade",), ("hint",))

    async def test_names_the_field_to_mend_and_counts_the_others(self, cast):
        opened = await make(cast.teacher)
        with pytest.raises(Invalid, match=r"Topic: Fill this in\. 1 more to mend\.") as refused:
            await rendered(cast.teacher, opened.template.id, grade=99)
        assert refused.value.field == "topic"

    async def test_is_not_found_for_whom_it_is_not(self, cast):
        opened = await make(cast.teacher)
        for person in (cast.student, cast.stranger):
            with pytest.raises(NotFound):
                await rendered(person, opened.template.id, topic="tides")


class TestRemember:
    async def test_keeps_the_version_with_ones_own_message_once(self, cast):
        opened, context_id = await make(cast.teacher), await begin(cast.teacher)
        kept = await use(cast.teacher, opened, context_id, grade="9", answers=0)
        assert (kept.version_id, kept.at_default, kept.left_empty) == (opened.version.id, [], ["hint"])
        async with transaction(cast.teacher) as session:
            again = await uses.remember(session, cast.teacher, kept.message_id, opened.version.id)
        assert again.id == kept.id

    async def test_is_refused_for_messages_of_others_and_templates_unseen(self, cast):
        opened, hidden = await make(cast.teacher, audience="organization"), await make(cast.colleague)
        context_id = await begin(cast.teacher)
        message = await say(cast.teacher, context_id)
        for person, version in ((cast.colleague, opened.version), (cast.teacher, hidden.version)):
            async with transaction(person) as session:
                with pytest.raises(NotFound):
                    await uses.remember(session, person, message.id, version.id)

    @pytest.mark.parametrize(
        ("sent", "stands"),
        [("Explain tides to grade 7", True), ("Please explain tides to grade 9", True), ("How are you?", False)],
    )
    def test_forgets_a_text_that_was_written_over(self, sent, stands):
        assert uses.still_stands("Explain tides to grade 7", sent) is stands


class TestResults:
    async def test_count_uses_people_outcomes_and_medians(self, cast, two):
        _, current = two
        mine, other = await begin(cast.teacher), await begin(cast.student)
        await use(cast.teacher, current, mine, cost=100)
        await use(cast.teacher, current, mine, cost=300, answers=2)  # asked for once more: not good, 600 in all
        await use(cast.student, current, other, cost=200, good=True, answers=2)  # but liked: good, 400 in all
        await use(cast.student, current, other, good=False)
        await use(cast.student, current, other, answers=0)
        total = (await found(cast.teacher, current)).total
        assert (total.uses, total.people, total.cases, total.good) == (5, 2, 4, 2)
        assert (total.liked, total.disliked, total.retried, total.kept) == (1, 1, 2, 0)
        assert (total.cost, total.tokens) == (400, 40)
        assert total.last_used is not None

    async def test_count_what_was_kept_as_good_and_failures_as_no_case(self, cast, two):
        _, current = two
        context_id = await begin(cast.teacher)
        kept = await use(cast.teacher, current, context_id, answers=0)
        failed = await use(cast.teacher, current, context_id, answers=0)
        async with transaction(Actor.system(cast.organization_id)) as session:
            several = Orchestration(
                organization_id=cast.organization_id, context_id=context_id, asked_id=kept.message_id,
                mode=Mode.compare, gpt_ids=[], started_by=cast.teacher.user, lease_until=now(), finished_at=now(),
                kept_at=now(),
            )  # fmt: skip
            session.add(several)
        for said in (await message(kept), await message(failed)):
            many = said.id == kept.message_id
            await reply(said, "A" if many else "", status=Status.complete if many else Status.failed,
                        orchestration_id=several.id if many else None)  # fmt: skip
        await reply(await message(kept), "B", orchestration_id=several.id)
        total = (await found(cast.teacher, current)).total
        assert (total.uses, total.cases, total.good, total.kept, total.retried) == (2, 1, 1, 1, 0)

    async def test_are_the_owners_alone(self, cast, two):
        for person, refusal in ((cast.colleague, NotPermitted), (cast.stranger, NotFound)):
            with pytest.raises(refusal):
                await found(person, two[0])

    async def test_give_advice_with_its_number(self, cast):
        opened = await make(cast.teacher, fields=[*FIELDS, {"name": "mood", "label": "Mood"}])
        context_id = await begin(cast.teacher)
        await use(cast.teacher, opened, context_id, 10, answers=2, mood="calm")
        advice = (await found(cast.teacher, opened)).advice
        assert [(each.words.split(":")[0], each.fact) for each in advice] == [
            ("Take out “Mood”", "1 of 4 fields are in no place of the text."),
            ("Write the default of “Grade” into the text, and ask no more for it.", "Left as it was in 10 of 10 uses."),
            ("Take out “Hint”", "Left empty in 10 of 10 uses."),
            ("Say more exactly what the answer should be like", "10 of 10 answers (100%) were asked for once more."),
        ]

    async def test_name_a_shorter_and_cheaper_version_that_went_as_well(self, cast):
        opened = await make(cast.teacher, text="Explain {{topic}}.", fields=[FIELDS[0]])
        context_id = await begin(cast.teacher)
        await use(cast.teacher, opened, context_id, 10, cost=100)
        long = "Explain {{topic}} in simple words for everybody. " * 3
        current = await change(cast.teacher, opened, text=long, fields=[FIELDS[0]])
        assert [each.words[:11] for each in (await found(cast.teacher, opened)).advice] == ["Say it once"]
        await use(cast.teacher, current, context_id, 10, cost=200)
        advice = (await found(cast.teacher, opened)).advice
        assert [each.words for each in advice][1:] == [
            "Shorten it: version 1 says less and does as well.",
            "Compare it with version 1: that costs less and goes as well.",
        ]
        assert "2 sentences stand there again" in advice[0].fact
        assert "100% more" in advice[2].fact


class TestTrial:
    async def test_gives_out_both_versions_by_their_share(self, cast, two, monkeypatch):
        opened, _ = two
        await start(cast.teacher, opened, part=30)
        given = []
        for draw in (0.0, 0.29, 0.31, 0.99):
            monkeypatch.setattr(random, "random", lambda draw=draw: draw)
            given.append((await rendered(cast.student, opened.template.id, topic="tides")).opened.version.number)
        assert given == [2, 2, 1, 1]

    async def test_counts_only_what_was_used_in_it_and_says_what_is_known(self, cast, two):
        opened, current = two
        context_id = await begin(cast.teacher)
        await use(cast.teacher, current, context_id)
        await start(cast.teacher, opened)
        await use(cast.teacher, opened, context_id, 20, answers=2)
        await use(cast.teacher, current, context_id, 20)
        compared = (await found(cast.teacher, opened)).compared
        assert [(each.uses, each.good) for each in compared.counts] == [(20, 0), (20, 20)]
        assert compared.verdict.better == 2
        await end(cast.teacher, opened, 2)
        compared = (await found(cast.teacher, opened)).compared
        assert (compared.winner, compared.numbers) == (2, (1, 2))

    async def test_ends_with_the_winner_for_everybody(self, cast, two):
        opened, _ = two
        await start(cast.teacher, opened)
        with pytest.raises(Conflict):
            await start(cast.teacher, opened)
        with pytest.raises(Conflict):
            await change(cast.teacher, opened, text="A third {{topic}}")
        await end(cast.teacher, opened, 1)
        assert (await rendered(cast.student, opened.template.id, topic="x")).opened.version.number == 1
        with pytest.raises(NotFound):
            await end(cast.teacher, opened, 1)

    async def test_is_the_owners_to_begin_with_two_versions_that_are_there(self, cast, two):
        opened, _ = two
        with pytest.raises(NotPermitted):
            await start(cast.colleague, opened)
        for first, second, part, refusal in ((1, 1, 50, Invalid), (1, 9, 50, NotFound), (1, 2, 99, Invalid)):
            with pytest.raises(refusal):
                await start(cast.teacher, opened, first, second, part)
        await start(cast.teacher, opened)
        await change(cast.teacher, opened, name="Renamed", text="Say what {{topic}} is.", fields=[FIELDS[0]])
        with pytest.raises(Invalid):
            await end(cast.teacher, opened, 3) if await third(cast, opened) else None

    async def test_knows_the_use_by_the_moment_it_was_made(self, cast, two):
        opened, current = two
        trial = await start(cast.teacher, opened)
        kept = await use(cast.teacher, current, await begin(cast.teacher))
        await end(cast.teacher, opened, 1)
        late = await use(cast.teacher, current, await begin(cast.teacher))
        assert (kept.trial_id, late.trial_id) == (trial.id, None)


async def third(cast, opened) -> bool:
    """A version beside the two that are compared, as one made before them would be."""
    async with transaction(cast.teacher) as session:
        template = await shelf.owned(session, cast.teacher, opened.template.id)
        now_used = template.current_id
        await shelf._add(session, cast.teacher, template, shelf.Draft("", "Third"), 3)
        template.current_id = now_used
    return True


async def message(kept):
    from faraday_app.contexts.models import Message

    async with transaction(Actor.system(kept.organization_id)) as session:
        return await session.scalar(select(Message).where(col(Message.id) == kept.message_id))
