"""Finding materials by words: PostgreSQL's full-text search, with English stems and beginnings of words.

The index holds the words as they are, also those of files whose content is encrypted: what is handed to whole classes
is worth being found by stem and beginning, which words that only the installation can look up do not allow.
"""

import re
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, literal, select, text
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import cast
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.coursework.models import Material, MaterialFile, MaterialVersion, MaterialWords
from faraday_app.coursework.service.materials.stored import text_of

MOST = 200_000  # characters of a text that are indexed: PostgreSQL takes a megabyte of words
_EXCERPT = "StartSel='', StopSel='', MaxFragments=1, MaxWords=26, MinWords=14"
_KEEP = text(
    "insert into material_words (id, created_at, organization_id, material_id, words) values"
    " (:id, :created_at, :organization_id, :material_id,"
    "  setweight(to_tsvector('english', :title) || to_tsvector('simple', :title), 'A')"
    "  || setweight(to_tsvector('english', :tags) || to_tsvector('simple', :tags), 'B')"
    "  || setweight(to_tsvector('english', :about), 'C') || setweight(to_tsvector('english', :body), 'D'))"
    " on conflict (material_id) do update set words = excluded.words"
)


async def index(session: AsyncSession, material: Material, version: MaterialVersion, file: MaterialFile | None) -> None:
    """By what it says now. The row is the organisation's, so the transaction can be the actor's."""
    body = version.body or version.url or await text_of(file)
    name = f" {file.name}" if file else ""
    values = {
        "id": new_id(),
        "created_at": now(),
        "organization_id": material.organization_id,
        "material_id": material.id,
        "title": _plain(material.title + name),
        "tags": _plain(" ".join(material.tags)),
        "about": _plain(material.about),
        "body": _plain(body)[:MOST],
    }
    await session.execute(_KEEP, values)


def wanted(words: str) -> ColumnElement[str]:
    """The query in what somebody typed: quotation marks and a minus as in web searches, else also beginnings."""
    by_stem = func.websearch_to_tsquery(_config("english"), words)
    if any(sign in words for sign in '"-'):
        return by_stem
    beginnings = " & ".join(f"{word}:*" for word in re.findall(r"\w+", words)[:12])
    return by_stem.op("||")(func.to_tsquery(_config("simple"), beginnings)) if beginnings else by_stem


def matches(words: str) -> ColumnElement[bool]:
    return col(MaterialWords.words).op("@@")(wanted(words))


def rank(words: str) -> ColumnElement[float]:
    """The titles before the texts, and the longer texts not before the shorter ones."""
    return func.ts_rank_cd(col(MaterialWords.words), wanted(words), 1)


async def excerpts(session: AsyncSession, words: str, texts: dict[UUID, str]) -> dict[UUID, str]:
    """Where each text says it, in a line."""
    found = {}
    for id, told in texts.items():
        passage = func.ts_headline(_config("english"), bindparam("told"), wanted(words), _EXCERPT)
        line = await session.scalar(select(passage), {"told": told[:50_000]})
        found[id] = " ".join(str(line or "").split())[:240]
    return found


def _config(name: str) -> ColumnElement[str]:
    return cast(literal(name), REGCONFIG)


def _plain(told: str) -> str:
    return told.replace("\x00", "")
