"""What is wrong with what belongs to a GPT, for its owner: files that cannot be read or are gone, and stale shares.

Its answers come all the same, so these are warnings. The rules are pure; what they look at is read beforehand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Gpt, Reading
from faraday_app.contexts.service import stored
from faraday_app.contexts.service.findings import Finding, Remedy, Severity
from faraday_app.contexts.service.knowledge.snapshots import present
from faraday_app.contexts.service.shares import soundness
from faraday_app.contexts.service.shares.soundness import Standing
from faraday_app.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class FileFacts:
    """``gone``: not in the store any more, though its text may still be known."""

    id: UUID
    name: str
    failed: bool = False
    problem: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """Between the GPT and the ``other``; ``gives``: the GPT is its source. ``mine``: the source is the viewer's."""

    id: UUID
    other: str
    standing: Standing
    gives: bool = False
    mine: bool = False


def check_files(gpt: UUID, name: str, files: Sequence[FileFacts]) -> list[Finding]:
    found = []
    for each in files:
        if each.gone:
            text = f"{name}: the file “{each.name}” is gone from the store. Remove it, and add it again."
            found.append(Finding(Severity.warning, text, Remedy.remove_file, each.id, gpt))
        elif each.failed:
            text = f"{name}: the file “{each.name}” could not be read. {each.problem}".strip()
            found.append(Finding(Severity.warning, text, Remedy.read_again, each.id, gpt))
    return found


def check_shares(gpt: UUID, name: str, shares: Sequence[ShareFacts]) -> list[Finding]:
    return [finding for each in shares if (finding := _of_share(gpt, name, each))]


async def of(session: AsyncSession, actor: Actor, gpt: Gpt, *, thorough: bool = False) -> list[Finding]:
    """Nothing for anybody but its owner. ``thorough`` asks the store for each file, and tells what it gives too."""
    if gpt.owner_id != actor.user_id:
        return []
    files = [
        FileFacts(
            each.known.id,
            each.file.name,
            each.file.state == Reading.failed,
            each.file.problem,
            thorough and not await stored.is_there(each.file),
        )
        for each in await present(session, gpt)
    ]
    shares = [
        ShareFacts(each.share.id, each.other.name, each.standing, each.gives, each.source.owner_id == actor.user_id)
        for each in await soundness.of(session, gpt, giving=thorough)
    ]
    return [*check_files(gpt.id, gpt.name, files), *check_shares(gpt.id, gpt.name, shares)]


def _of_share(gpt: UUID, name: str, share: ShareFacts) -> Finding | None:
    if share.gives:
        if share.standing is not Standing.stale:
            return None
        text = f"{name} changed since it gave to “{share.other}”, which answers from what it was."
        return Finding(Severity.warning, text, Remedy.renew_share, share.id, gpt)
    remedy = _REMEDIES.get(share.standing)
    if share.standing is Standing.stale and not share.mine:
        remedy = None  # Its owner has to give it anew.
    text = _TOLD[share.standing].format(other=share.other)
    return Finding(Severity.warning, f"{name}: {text}", remedy, share.id, gpt) if text else None


_TOLD = {
    Standing.sound: "",
    Standing.stale: "“{other}” changed since it gave to it. What it was is still used.",
    Standing.run_out: "what “{other}” gave to it has run out, and is not used any more.",
    Standing.withdrawn: "“{other}” does not give to it any more.",
    Standing.archived: "“{other}”, which gives to it, is archived. Nothing of it is used.",
    Standing.left: "whoever owned “{other}”, which gives to it, is not here any more. Nothing of it is used.",
    Standing.unreadable: "what “{other}” gave to it can no longer be read.",
}
_REMEDIES = {
    Standing.stale: Remedy.renew_share,
    Standing.run_out: Remedy.note_share,
    Standing.withdrawn: Remedy.note_share,
    Standing.archived: Remedy.end_share,
    Standing.left: Remedy.end_share,
    Standing.unreadable: Remedy.end_share,
}
