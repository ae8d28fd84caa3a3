"""Similarity: a new piece of work against all that a school has stored, from its words to the pairs that are kept."""

import asyncio
import os
import random
import time
from uuid import UUID

import psycopg

from benchmarks.figures import Figure, milliseconds, spread
from benchmarks.served import Served
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.coursework import similarity
from faraday_app.coursework.models import ComparedText
from faraday_app.coursework.service.similarity import past
from faraday_app.coursework.service.similarity.texts import document_of, sealed_text

STORED, EACH, WORDS = 10_000, 600, 1_000
COMMON, PHRASES = 0.1, 20_000  # so much of each text is phrases that others use too, of so many
SOURCES = 30  # stored texts that have a passage of the new one
MOST = 1_000.0  # ms
GLUE = ("the", "of", "and", "a", "to", "in", "that", "it", "was", "with", "for", "on", "as", "by", "at", "from", "not")


async def measure(app: Served, quick: bool) -> list[Figure]:
    """In this process against the instance's own PostgreSQL. Stored texts are numbers, but for the likeliest."""
    app.use_services()
    chance = random.Random(1_000)
    organization_id = await asyncio.to_thread(_organization)
    essay = _essay(chance)
    sources = [_with_passage(chance, essay, place) for place in range(SOURCES)]
    stored = STORED // 10 if quick else STORED
    await asyncio.to_thread(_store, organization_id, chance, stored)
    for source in sources:
        await _add(organization_id, source)
    found, samples = 0, []
    for _ in range(5 if quick else 20):
        begun = time.perf_counter()
        found = await _compared(organization_id, essay)
        samples.append(time.perf_counter() - begun)
    if found < similarity.LIMIT:
        raise RuntimeError(f"Of {SOURCES} sources {found} were found.")
    note = f"read, fingerprints, candidates, {found} laid side by side; one process"
    return [spread(f"{WORDS:,} words against {stored:,} texts", "ms", milliseconds(samples), target=MOST, note=note)]


async def _compared(organization_id: UUID, essay: str) -> int:
    """As the clock does it; how many have a passage in common."""
    document = similarity.read(essay)
    numbers = similarity.fingerprints(document)
    new = ComparedText(
        organization_id=organization_id, submission_id=new_id(), assignment_id=new_id(), student_id=new_id()
    )
    async with transaction(Actor.system(organization_id)) as session:
        best = await past.candidates(session, new, numbers)
        others = [await document_of(row) for row in best]
    return sum(bool(similarity.compare(document, other).matches) for other in others)


def _organization() -> UUID:
    with _owner() as connection:
        row = connection.execute("select id from organizations order by created_at limit 1").fetchone()
    if row is None:
        raise RuntimeError("There is no school.")
    return UUID(str(row[0]))


def _store(organization_id: UUID, chance: random.Random, count: int) -> None:
    """Rows by COPY, sorted by the number; without looking up what they refer to, which takes longer than all of it."""
    phrases = [chance.getrandbits(63) for _ in range(PHRASES)]
    ids = [new_id() for _ in range(count)]
    rows = sorted((number, id) for id in ids for number in _numbers(chance, phrases))
    with _owner() as connection, connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        with cursor.copy(
            "copy similarity_texts (id, created_at, organization_id, submission_id, assignment_id, student_id, current,"
            " compared, ending, words, fingerprints, problem) from stdin"
        ) as copy:
            for id in ids:
                copy.write_row(
                    (id, now(), organization_id, new_id(), new_id(), new_id(), True, True, "", WORDS, EACH, "")
                )
        with cursor.copy("copy similarity_fingerprints (organization_id, hash, text_id) from stdin") as copy:
            school = str(organization_id)
            for at in range(0, len(rows), 10_000):
                copy.write("".join(f"{school}\t{number}\t{id}\n" for number, id in rows[at : at + 10_000]))
        cursor.execute("analyze similarity_fingerprints")


def _numbers(chance: random.Random, phrases: list[int]) -> set[int]:
    """A few phrases are everybody's, most are nearly nobody's."""
    shared = {phrases[int(PHRASES * chance.random() ** 3)] for _ in range(int(EACH * COMMON))}
    return shared | {chance.getrandbits(63) for _ in range(EACH - len(shared))}


async def _add(organization_id: UUID, text: str) -> None:
    """One whose words are there."""
    document = similarity.read(text)
    text_id = new_id()
    sealed = await sealed_text(organization_id, text_id, text)
    numbers = sorted(similarity.fingerprints(document))

    def add() -> None:
        with _owner() as connection:
            connection.execute("set session_replication_role = replica")
            connection.execute(
                "insert into similarity_texts (id, created_at, organization_id, submission_id, assignment_id,"
                " student_id, current, compared, ending, words, fingerprints, sealed_text, problem)"
                " values (%s, now(), %s, %s, %s, %s, true, true, '', %s, %s, %s, '')",
                (text_id, organization_id, new_id(), new_id(), new_id(), WORDS, len(numbers), sealed),
            )
            connection.execute(
                "insert into similarity_fingerprints (organization_id, hash, text_id)"
                " select %s, number, %s from unnest(%s::bigint[]) as number",
                (organization_id, text_id, numbers),
            )

    await asyncio.to_thread(add)


def _owner() -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"].replace("+psycopg", ""), autocommit=True)


def _essay(chance: random.Random) -> str:
    """Every second word is one of a few that all texts have, the others are as rare as in a language."""
    return " ".join(
        chance.choice(GLUE) if chance.random() < 0.45 else f"w{int(4_000 * chance.random() ** 2)}" + "en" * (at % 3)
        for at in range(WORDS)
    )


def _with_passage(chance: random.Random, essay: str, place: int) -> str:
    """Another essay, with 80 words of this one in it."""
    words, own = essay.split(), _essay(chance).split()
    begins = place * 30
    return " ".join([*own[:400], *words[begins : begins + 80], *own[400:]])
