"""What a browser may know of memory, and how it is put into words."""

from collections.abc import Sequence
from dataclasses import dataclass

from faraday_app.contexts.models import LookStatus, MemoryKind, MemoryLook, MemoryScope, MemoryStatus
from faraday_app.contexts.service.memory import Remembered
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor
from faraday_app.credits.views import credits_text
from faraday_app.ui.times import ago

KINDS = [(kind.value, kind.label) for kind in MemoryKind]
SCOPES = [(scope.value, scope.label) for scope in MemoryScope]


@dataclass(frozen=True, slots=True)
class MemoryView:
    """``where`` says whose it is, ``source`` where it came from. ``waits``: it is proposed and to be decided.

    ``aside``: going back to an older version of a GPT set it aside.
    """

    id: str
    text: str
    kind: str
    scope: str
    where: str
    source: str
    used: str
    version: int
    waits: bool
    changes: bool
    conversation: str = ""
    aside: bool = False


def memory_view(found: Remembered, actor: Actor, zone: str, *, changes: bool) -> MemoryView:
    memory = found.memory
    return MemoryView(
        str(memory.id),
        found.text,
        MemoryKind(memory.kind).label,
        memory.scope,
        _where(found),
        _source(found, actor),
        f"used {ago(memory.last_used_at, now(), zone)}" if memory.last_used_at else "not used yet",
        memory.version,
        memory.status == MemoryStatus.proposed,
        changes,
        str(memory.context_id) if memory.context_id and found.context_title else "",
        memory.status == MemoryStatus.set_aside,
    )


def _where(found: Remembered) -> str:
    scope = MemoryScope(found.memory.scope)
    if scope is MemoryScope.context and found.context_title:
        return f"Conversation “{found.context_title}”"
    return scope.label


def _source(found: Remembered, actor: Actor) -> str:
    """Who brought it: a GPT from what somebody said, or a person."""
    who = "you" if found.memory.owner_id == actor.user_id else found.owner_name or "a former member"
    if found.memory.message_id is None and found.gpt_name:
        return f"came with {found.gpt_name}"
    if found.memory.message_id is None:
        return f"written by {who}"
    by = found.gpt_name or "the assistant"
    return f"proposed by {by} from what {who} said"


def looks_words(looks: Sequence[MemoryLook]) -> str:
    """What the last looks have cost, and what went wrong with the newest."""
    done = [look for look in looks if look.status in (LookStatus.done, LookStatus.failed)]
    if not done:
        return ""
    if done[0].error:
        return f"The last look failed: {done[0].error}"
    cost = credits_text(sum(look.cost for look in done))
    times = "time" if len(done) == 1 else f"{len(done)} times"
    return f"Looked the last {times} for {cost} credits of yours."
