"""What a question means, against the vectors that the database keeps in a column ``embedding``.

The column is there where the database has pgvector; without it, or without the model of sentences, whoever asks goes by
words.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Float, cast, literal_column, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import UserDefinedType

from faraday_app.core.errors import Unavailable
from faraday_app.gateway.service import embedding

ASKED_LAST = 64  # questions whose vectors are at hand: data, knowledge and memory ask for the same one in turn
_COLUMN = text(
    "select exists (select 1 from pg_attribute where attrelid = cast(:table as regclass)"
    " and attname = 'embedding' and not attisdropped)"
)
_asked: OrderedDict[str, str] = OrderedDict()
_log = structlog.get_logger(__name__)


class _Vector(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "vector"


async def is_kept(session: AsyncSession, table: str) -> bool:
    """Whether rows of this table can be found by what they mean."""
    return embedding.available() and bool(await session.scalar(_COLUMN, {"table": table}))


async def of_question(question: str) -> str | None:
    """As pgvector reads it; None where the model does not answer."""
    if question not in _asked:
        try:
            (vector,) = await embedding.embed([question])
        except Unavailable as error:
            _log.warning("no_embedding", error=error.message)
            return None
        _asked[question] = literal(vector)
    _asked.move_to_end(question)
    if len(_asked) > ASKED_LAST:
        _asked.popitem(last=False)
    return _asked[question]


def literal(vector: Sequence[Any]) -> str:
    """As pgvector reads it."""
    return "[" + ",".join(f"{number:.6f}" for number in vector) + "]"


def distance(table: str, vector: str) -> ColumnElement[float]:
    """Of the rows of a table: 0 for what means the same, 1 for what has nothing to do with it."""
    return literal_column(f"{table}.embedding").op("<=>", return_type=Float())(cast(vector, _Vector()))
