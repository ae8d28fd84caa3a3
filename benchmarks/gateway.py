"""The gateway under `/v1` against the LiteLLM proxy: one worker each, in turn, in front of the same stub."""

import asyncio
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks import peer
from benchmarks.calls import Caller, load, paced
from benchmarks.figures import Figure, milliseconds, percentile, spread
from benchmarks.served import Served
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.embedded import free_port
from faraday_app.core.embedded.process import http_status
from faraday_app.core.limits import Endpoint, Subject
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.credits import service as credits
from faraday_app.gateway.models import DeploymentRow, ModelRow, PriceRow, ProviderRow
from faraday_app.organizations.service import actor_of_key
from faraday_app.security.service import limits

ROOT = Path(__file__).resolve().parents[1]
MODEL = "stub"
RATE, STREAMS, PER_SECOND, TOKENS = 150, 200, 50, 500
RATIO = {16: 3.5, 64: 4.0}
LIVELY = "one worker each, the same stub, in turn; ours with key, limits, hold, settlement, trail and receipt"


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Rounds alternate, so that whatever else the machine does meets both."""
    app.use_services()
    with tempfile.TemporaryDirectory(prefix="faraday-bench-peer-", ignore_cleanup_errors=True) as folder:
        async with _stub() as stub:
            keys = await prepared(app, stub)
            ours = [Caller(app.port, keys[n % len(keys)], name_of(MODEL, stub), 2_000 + n) for n in range(STREAMS)]
            async with contextlib.AsyncExitStack() as stack:
                try:
                    found = await stack.enter_async_context(peer.serving(Path(folder), stub, MODEL))
                    theirs = [Caller(found.port, peer.KEY, MODEL, 3_000 + n) for n in range(64)]
                    note = f"LiteLLM {found.version}, {LIVELY}"
                except peer.NoPeer as problem:
                    theirs, note = [], f"LiteLLM could not be measured: {problem}"
                straight = [Caller(stub, "none", MODEL, 4_000 + n) for n in range(16)]
                figures = await _compared(ours, theirs, note, quick)
                figures.append(await _added(ours[:16], straight, quick))
            figures += await _streamed(ours, stub, quick)
    return figures


async def _compared(ours: list[Caller], theirs: list[Caller], note: str, quick: bool) -> list[Figure]:
    long, usual, figures = (1.5, 2, []) if quick else (3.0, 3, [])
    await load(ours[:4], 1.0)
    await (load(theirs[:4], 2.0) if theirs else asyncio.sleep(0))
    for count in (1, 16, 64):
        # One alone asks an address for all that it may within three seconds: it asks more often, each time less.
        seconds, rounds = (long / 2, usual * 2) if count == 1 else (long, usual)
        rates: dict[bool, list[float]] = {True: [], False: []}
        samples: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(rounds):
            for own in (True, False) if turn % 2 else (False, True):
                first = turn * count % 64  # other addresses in each round: what one may ask is limited
                if callers := (ours if own else theirs)[first : first + count]:
                    rate, times = await load(callers, seconds)
                    rates[own].append(rate)
                    samples[own] += milliseconds(times)
        figures += _figures(count, rates, samples, note)
    return figures


def _figures(count: int, rates: dict[bool, list[float]], samples: dict[bool, list[float]], note: str) -> list[Figure]:
    many = f"{count} connection{'s' if count > 1 else ''}"
    own, other = percentile(samples[True], 50), percentile(samples[False], 50) if samples[False] else None
    ours, theirs = max(rates[True]), max(rates[False], default=None)
    slow = f"ours {percentile(samples[True], 95):.1f} ms at p95"
    if samples[False]:
        slow += f", theirs {percentile(samples[False], 95):.1f} ms"
    if count == 1:
        return [Figure("chat, 1 connection", "ms", own, None, other / 2 if other else None, other, f"{note}; {slow}")]
    target = RATIO[count] * theirs if theirs else None
    words = f"the best of the rounds; {slow}; target {RATIO[count]} × theirs"
    return [Figure(f"chat, {many}", "/s", ours, None, target, theirs, words, more_is_better=True)]


async def _added(ours: list[Caller], straight: list[Caller], quick: bool) -> Figure:
    """What a call takes longer than straight to the stub, at an even rate."""
    seconds = 3.0 if quick else 8.0
    bare = milliseconds(await paced(straight, seconds / 2, RATE))
    through = milliseconds(await paced(ours, seconds, RATE))
    floor = percentile(bare, 50)
    added = [each - floor for each in through]
    return spread(f"chat, added at {RATE}/s", "ms", added, target=8.0, note="to the median straight to the stub")


async def _streamed(ours: list[Caller], stub: int, quick: bool) -> list[Figure]:
    """Two hundred streams at once; each token carries the time at which the stub sent it."""
    tokens = TOKENS // 5 if quick else TOKENS
    callers = [Caller(each.port, each.key, name_of(f"paced-{PER_SECOND}-{tokens}", stub), each.number) for each in ours]
    found = await asyncio.gather(*(caller.follow() for caller in callers), return_exceptions=True)
    refused = [each for each in found if isinstance(each, BaseException)]
    lost, delays = tokens * len(refused), []
    for texts in (each for each in found if not isinstance(each, BaseException)):
        words = "".join(text for text, _ in texts).split()
        lost += tokens - sum(word.startswith(f"{number}@") for number, word in enumerate(words))
        for text, came in texts:
            delays += [came - float(word.partition("@")[2]) for word in text.split()]
    note = f"{STREAMS} streams of {PER_SECOND} tokens/s for {tokens // PER_SECOND} s through one worker"
    if refused:
        note += f"; {len(refused)} were refused, such as: {str(refused[0])[:300]}"
    return [
        Figure("stream tokens lost", "", float(lost), target=0.0, note=note),
        spread("stream token delay", "ms", milliseconds(delays), target=100.0, note="from the stub to the client"),
    ]


@contextlib.asynccontextmanager
async def _stub() -> AsyncIterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.stub", str(port)], cwd=ROOT)
    try:
        for _ in range(100):
            if await asyncio.to_thread(http_status, "127.0.0.1", port, "/") == 200:
                break
            await asyncio.sleep(0.05)
        yield port
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def prepared(app: Served, stub: int) -> list[str]:
    """The stub as a provider of the demo school, credits for whoever asks, and limits that count but do not stop."""
    keys = [account.api_key for account in app.accounts() if account.api_key][:16]
    actors = [actor for key in keys if (actor := await actor_of_key(key, "127.0.0.1"))]
    organization = actors[0].organization
    faraday = Actor.system(organization)
    async with transaction(faraday) as session:
        await credits.open_pool(session, faraday, 10_000_000_000_000, "Benchmark", "benchmark")
        for actor in actors:
            await credits.grant(session, faraday, actor.user, 100_000_000_000, "Benchmark", f"benchmark {actor.user}")
        for subject, value in _subjects(actors):
            lasting = now() + timedelta(hours=2)
            wanted = limits.Wanted(Endpoint.answers, subject, value, 600_000, 100_000, lasting)
            await limits.set_override(session, faraday, wanted)
        provider = ProviderRow(
            organization_id=organization, name=f"Stub {stub}", base_url=f"http://127.0.0.1:{stub}/v1", privacy="own"
        )
        session.add(provider)
        await session.flush()
        for name in (MODEL, *(f"paced-{PER_SECOND}-{tokens}" for tokens in (TOKENS, TOKENS // 5))):
            await _offer(session, provider, name)
        publish_on_commit(session, topic("models", organization))
    return keys


async def _offer(session: AsyncSession, provider: ProviderRow, upstream: str) -> None:
    organization, name = provider.organization_id, name_of(upstream, urlsplit(provider.base_url).port)
    model = ModelRow(
        organization_id=organization, name=name, label=name, category="chat", context=8_192, longest_answer=1_000
    )
    session.add(model)
    await session.flush()
    made = DeploymentRow(organization_id=organization, model_id=model.id, provider_id=provider.id, upstream=upstream)
    session.add(made)
    await session.flush()
    session.add(
        PriceRow(organization_id=organization, deployment_id=made.id, input=1_000_000, cached_input=0, output=4_000_000)
    )


def name_of(upstream: str, stub: int | None) -> str:
    """Of the model: another for each stub, so that the same instance can be measured again."""
    return f"{upstream}-{stub}"


def _subjects(actors: list[Actor]) -> list[tuple[Subject, str]]:
    found = [(Subject.organization, str(actors[0].organization))]
    for actor in actors:
        found += [(Subject.user, str(actor.user)), (Subject.key, str(actor.api_key_id))]
    return list(dict.fromkeys(found))
