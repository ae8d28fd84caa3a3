"""Who passes a question on to whom when several GPTs answer it. ``orchestration.plans`` do so; here it is only told."""

from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

from faraday_app.contexts.models import Mode


def edges(mode: Mode, gpt_ids: Sequence[UUID]) -> tuple[tuple[UUID, UUID], ...]:
    """From each GPT to those whose turn it makes: in a chain the next one, of a plan all whom the first may name.

    In the other modes nobody is asked because of what another one said. A GPT that stands in an order twice would be
    handed its own question again.
    """
    if mode is Mode.chain:
        return tuple(pairwise(gpt_ids))
    if mode is Mode.delegate:
        return tuple((gpt_ids[0], other) for other in gpt_ids[1:])
    return ()
