"""The dialog of what a GPT gives and gets, without a browser; and the same over HTTP's rules for raw calls."""

import pytest

from faraday_app.contexts.state import GptSharesState
from faraday_app.core.errors import Conflict, NotFound, NotPermitted
from tests.factories.gpts import make_gpt
from tests.factories.shares import give
from tests.factories.tabs import open_tab

FORM = {"part_instructions": "on", "kind_fact": "on"}


async def shown(person, gpt) -> GptSharesState:
    tab = await open_tab(person, GptSharesState)
    await GptSharesState.show.fn(tab, str(gpt.id))
    return tab


class TestGptShares:
    async def test_gives_looks_inside_and_ends(self, cast):
        nova = await make_gpt(cast.teacher, "Nova", instructions="Be kind.")
        vega = await make_gpt(cast.teacher, "Vega")
        tab = await shown(cast.teacher, nova)
        await GptSharesState.set_adding.fn(tab, True)
        await GptSharesState.offer.fn(tab, {**FORM, "target_id": str(vega.id), "until": "soon"})
        assert tab.problem == "Choose the last day as a date."
        await GptSharesState.offer.fn(tab, {"target_id": str(vega.id), "until": ""})
        assert tab.problem == "Choose at least one part to give."
        await GptSharesState.offer.fn(tab, {**FORM, "target_id": str(vega.id), "until": "2031-01-31"})
        (row,) = tab.gives
        assert (tab.adding, row.name, row.parts, row.status) == (False, "Vega", "instructions", "given")
        assert "2031" in row.until
        assert [each.name for each in (await shown(cast.teacher, vega)).gets] == ["Nova"]
        await GptSharesState.look.fn(tab, row.id)
        assert [entry.text for entry in tab.inside] == ["Be kind."]
        await GptSharesState.end.fn(tab, row.id)
        assert tab.gives == []

    async def test_accepts_once(self, cast):
        nova = await make_gpt(cast.teacher, "Nova", instructions="Be kind.")
        lyra = await make_gpt(cast.colleague, "Lyra", shared=True)
        await give(cast.teacher, nova, lyra)
        tab = await shown(cast.colleague, lyra)
        (row,) = tab.gets
        assert (row.whose, row.decides) == ("by Maya Okafor", True)
        await GptSharesState.accept.fn(tab, row.id, row.version)
        with pytest.raises(Conflict):
            await GptSharesState.accept.fn(tab, row.id, row.version)
        assert (tab.gets[0].status, tab.gets[0].decides) == ("given", False)

    async def test_is_nobody_elses_even_by_a_raw_call(self, cast):
        nova = await make_gpt(cast.teacher, "Nova", instructions="Be kind.", shared=True)
        vega = await make_gpt(cast.teacher, "Vega")
        share = await give(cast.teacher, nova, vega)
        for person in (cast.colleague, cast.administrator):
            with pytest.raises(NotPermitted):
                await shown(person, nova)
        for person in (cast.colleague, cast.administrator, cast.stranger):
            tab = await open_tab(person, GptSharesState)
            for handler, more in (
                (GptSharesState.accept, (1,)),
                (GptSharesState.renew, (1,)),
                (GptSharesState.end, ()),
            ):
                with pytest.raises(NotFound):
                    await handler.fn(tab, str(share.id), *more)
            with pytest.raises(NotFound):
                await GptSharesState.look.fn(tab, str(share.id))
            assert tab.inside == []
