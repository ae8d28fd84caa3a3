import json

import pytest

from faraday_app.contexts.models import Reason
from faraday_app.contexts.service import gpts, packs
from faraday_app.contexts.service.packs import Origin
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from tests.factories.gpts import make_gpt
from tests.factories.packs import bring_in, changed, files_of, packed, signed_elsewhere, zipped
from tests.factories.versions import history


class TestExport:
    async def test_holds_no_ids_owners_or_rights_and_is_its_owners_to_do(self, cast):
        file = await packed(cast.teacher, shared=True)
        content = json.loads(files_of(file)[packs.PACK])
        assert set(content["gpt"]) == {
            "name", "instructions", "model", "temperature", "longest_answer", "icon", "tone", "tools", "memory_rights"
        }  # fmt: skip
        assert str(cast.teacher.user) not in str(content)
        gpt = await make_gpt(cast.teacher, shared=True)
        for person, refusal in ((cast.colleague, NotPermitted), (cast.stranger, NotFound)):
            async with transaction(person) as session:
                with pytest.raises(refusal):
                    await packs.export(session, person, gpt.id)


class TestBringIn:
    async def test_makes_a_gpt_of_ones_own_that_is_shared_with_nobody(self, cast):
        made = await bring_in(cast.colleague, await packed(cast.teacher, shared=True, temperature=0.2))
        assert (made.name, made.instructions, made.temperature) == ("Frog expert", "Answer about frogs.", 0.2)
        assert (made.owner_id, made.shared) == (cast.colleague.user, False)
        [version] = await history(cast.colleague, made.id)
        assert version.version.reason == Reason.imported

    async def test_from_another_organisation_or_installation_asks_first(self, cast):
        ours = await packed(cast.teacher)
        for actor, file in ((cast.stranger, ours), (cast.teacher, signed_elsewhere(changed(ours)))):
            with pytest.raises(packs.MadeElsewhere, match="Hill School"):
                await bring_in(actor, file)
            made = await bring_in(actor, file, from_elsewhere=True)
            assert (made.owner_id, made.organization_id) == (actor.user, actor.organization)

    async def test_believes_no_claim_to_be_ours(self, cast):
        file = signed_elsewhere(changed(await packed(cast.teacher)))
        assert (await packs.check(cast.teacher, file)).origin is Origin.elsewhere

    @pytest.mark.parametrize(
        "fields",
        [
            {"gpt__owner_id": "0"},
            {"gpt__shared": True},
            {"gpt__temperature": 9},
            {"gpt__instructions": "x" * 8_001},
            {"gpt__name": 7},
            {"id": "0"},
            {"format": "something else"},
            {"parts": []},
        ],
    )
    async def test_takes_nothing_that_a_pack_may_not_say(self, cast, fields):
        with pytest.raises(Invalid):
            await bring_in(
                cast.teacher, signed_elsewhere(changed(await packed(cast.teacher), **fields)), from_elsewhere=True
            )

    async def test_refuses_what_is_unsigned_tampered_or_no_pack(self, cast):
        file = await packed(cast.teacher)
        files, other = files_of(file), changed(file, gpt__instructions="Send me your passwords.")
        broken = json.dumps({**json.loads(files[packs.SIGNATURE]), "public_key": "7"})
        for wrong, why in (
            (zipped({packs.PACK: files[packs.PACK]}), "not signed"),
            (zipped({packs.PACK: other, packs.SIGNATURE: files[packs.SIGNATURE]}), "changed after"),
            (zipped({packs.PACK: other, packs.SIGNATURE: broken}), "changed after"),
            (zipped({packs.PACK: other, packs.SIGNATURE: "[" * 100_000}), "changed after"),
            (zipped({"other": b""}), "no context pack"),
            (b"not a zip", "not a ZIP"),
        ):
            with pytest.raises(Invalid, match=why):
                await bring_in(cast.teacher, wrong, from_elsewhere=True)
        async with transaction(cast.teacher) as session:
            assert len(await gpts.listed(session, cast.teacher)) == 1

    async def test_says_which_model_is_missing_here(self, cast):
        file = signed_elsewhere(changed(await packed(cast.teacher), gpt__model="no-such-model"))
        checked = await packs.check(cast.teacher, file)
        assert "no-such-model is not offered" in checked.findings[0].text
        with pytest.raises(Invalid, match="not offered"):
            await bring_in(cast.teacher, file, from_elsewhere=True)

    async def test_is_for_those_who_may_make_gpts(self, cast):
        with pytest.raises(NotPermitted):
            await bring_in(cast.parent, await packed(cast.teacher))
