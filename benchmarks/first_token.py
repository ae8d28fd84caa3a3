"""Time to first token: asked through Faraday, against the same prompt sent straight to the model server."""

import asyncio
import json
import random
import time
from collections.abc import Sequence
from statistics import median
from uuid import UUID

import aiohttp

from benchmarks.figures import Figure, milliseconds, percentile, spread
from benchmarks.people import Tab
from benchmarks.school import begin_conversation, first_token_ms
from benchmarks.served import Served
from faraday_app.contexts.state import RunningState, ThreadState
from faraday_app.core.settings import settings
from faraday_app.gateway import service as gateway

PEER_ADDED, PEER_RATIO = 17.0, 1.18  # 95 → 112 ms
SHOWN = ('"growing_html_rx_state_":"<', RunningState.get_full_name())
# One token each in the local model's vocabulary or nearly so: prompts of one length that no cache knows.
SUBJECTS = ("apple", "river", "stone", "cloud", "paper", "bread", "glass", "plant", "horse", "music", "tower", "ocean")


async def measure(app: Served, quick: bool) -> list[Figure]:
    """In turn, with prompts of one length that neither side has seen; each answer is stopped at its first token."""
    pairs = 10 if quick else 40
    (person,) = await app.sign_in(1)
    words = random.Random()
    async with aiohttp.ClientSession() as model, person.tab("/assistant") as tab:
        for _ in range(2):
            await _straight(model, _prompt(words))
            await _through(tab, await begin_conversation(person, "First token"), _prompt(words))
        straight, through, modelled = [], [], []
        for turn in range(pairs):
            context_id = await begin_conversation(person, "First token")
            for side in (0, 1) if turn % 2 else (1, 0):
                if side:
                    through.append(await _through(tab, context_id, _prompt(words)))
                    modelled.append(await first_token_ms(person, context_id))
                else:
                    straight.append(await _straight(model, _prompt(words)))
    return _figures(milliseconds(straight), milliseconds(through), modelled)


def _figures(straight: Sequence[float], through: Sequence[float], modelled: Sequence[float]) -> list[Figure]:
    """``modelled`` is what Faraday itself saw between asking the model and its first token."""
    added = median(through) - median(straight)
    slower = percentile(through, 95) - percentile(straight, 95)
    around = median(whole - model for whole, model in zip(through, modelled, strict=True))
    parts = f"medians: {around:.0f} ms around the model, {added - around:+.0f} ms in it on shared cores"
    note = f"{len(through)} pairs in turn, each prompt new to the model's cache"
    return [
        spread("first token, straight", "ms", straight, peer=95.0, note=note),
        spread("first token, through Faraday", "ms", through, peer=112.0, note="from the event to its first text"),
        Figure(
            "first token, added", "ms", added, target=10.0, peer=PEER_ADDED, note=f"{parts}; at p95 {slower:+.0f} ms"
        ),
        Figure("first token, ratio", "", median(through) / median(straight), target=1.15, peer=PEER_RATIO),
    ]


def _prompt(words: random.Random) -> str:
    return f"Tell me about {' and '.join(words.choices(SUBJECTS, k=12))}."


async def _straight(model: aiohttp.ClientSession, prompt: str) -> float:
    """Exactly what Faraday sends; hanging up stops the model."""
    chosen = gateway.built_in()
    body = {
        "model": chosen.name,
        "messages": [{"role": "user", "content": prompt}],
        "max_tokens": chosen.longest_answer,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    headers = {"Authorization": f"Bearer {settings().openai_api_key.get_secret_value()}"}
    begun = time.perf_counter()
    async with model.post(f"{settings().openai_base_url}/chat/completions", json=body, headers=headers) as answer:
        async for line in answer.content:
            if _has_text(line):
                break
        took = time.perf_counter() - begun
        answer.close()
    await asyncio.sleep(0.25)
    return took


def _has_text(line: bytes) -> bool:
    choices = json.loads(line[6:])["choices"] if line.startswith(b"data: {") else []
    return bool(choices and choices[0]["delta"].get("content"))


async def _through(tab: Tab, context_id: UUID, prompt: str) -> float:
    """A person's way: their tab has the conversation open, they send, their tab shows the first words."""
    await tab.go(f"/assistant/{context_id}")
    await asyncio.sleep(0.2)
    took = await tab.ask(f"{ThreadState.get_full_name()}.ask", *SHOWN, form={"message": prompt})
    ended = tab.expect('"answering_rx_state_":false', ThreadState.get_full_name())
    await tab.send(f"{ThreadState.get_full_name()}.stop")
    await ended
    await asyncio.sleep(0.25)
    return took
