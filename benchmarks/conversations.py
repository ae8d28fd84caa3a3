"""Conversations of any number and length, written straight into the tables."""

import json
import os
import random
import re
from pathlib import Path
from uuid import UUID

import psycopg

from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor

WORDS = Path(__file__).resolve().parents[1] / "docs"


class Texts:
    """Questions of a dozen words and answers of some sixty, drawn as often as they stand in our docs."""

    def __init__(self) -> None:
        self._words = re.findall(r"\S+", " ".join(path.read_text() for path in sorted(WORDS.glob("*.md"))))
        self._chance = random.Random(1)

    def turns(self, count: int) -> list[str]:
        return [" ".join(self._chance.choices(self._words, k=60 if turn % 2 else 12)) for turn in range(count)]


def write(connection: psycopg.Connection, actor: Actor, said: list[list[str]]) -> list[UUID]:
    """Conversations of this person, one branch each; their ids."""
    ids = [[new_id() for _ in turns] for turns in said]
    owned = [new_id() for _ in said]
    connection.execute(
        "insert into contexts (id, created_at, organization_id, owner_id, title, model, leaf_id, updated_at, version,"
        " gpt_ids, mode, step_limit, left_out, proposes_memories, answer_language) select c, now(), %s, %s, 'Lesson',"
        " 'auto', l, now(), 1, '{}', 'single', 6, '{}', false, '' from unnest(%s::uuid[], %s::uuid[]) t (c, l)",
        [actor.organization, actor.user, owned, [turns[-1] for turns in ids]],
    )
    connection.execute(
        "insert into context_members (id, created_at, organization_id, context_id, user_id, access)"
        " select gen_random_uuid(), now(), %s, c, %s, 'owner' from unnest(%s::uuid[]) c",
        [actor.organization, actor.user, owned],
    )
    rows = [
        {
            "id": str(id),
            "context_id": str(context_id),
            "parent_id": str(own[place - 1]) if place else None,
            "author": "model" if place % 2 else "person",
            "author_id": None if place % 2 else str(actor.user),
            "content": content,
        }
        for context_id, own, turns in zip(owned, ids, said, strict=True)
        for place, (id, content) in enumerate(zip(own, turns, strict=True))
    ]
    connection.execute(
        "insert into messages (id, created_at, organization_id, context_id, parent_id, author, author_id, content,"
        " status, error, model, prompt_tokens, answer_tokens, cost, lane, step, part, given, tools, spread,"
        " finished_at)"
        " select id, now(), %s, context_id, parent_id, author, author_id, content, 'complete', '', 'smollm2-135m', 412,"
        " 74, 1268000, 0, 0, 'answer', '[]', '[]', '{}', now() from jsonb_to_recordset(%s::jsonb)"
        " t (id uuid, context_id uuid, parent_id uuid, author text, author_id uuid, content text)",
        [actor.organization, json.dumps(rows)],
    )
    return owned


def owner() -> str:
    """The address of the database for whoever may do everything."""
    return os.environ["DATABASE_OWNER_URL"].replace("+psycopg", "")
