"""What the routes share: who asks, how a list is asked for, and how it is answered."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from faraday_app.core.http import signed_in
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.service.exchange.asking import Asked, Document, chosen, narrowed

LONGEST_LIST = 1_000
Reader = Annotated[Actor, Depends(signed_in(Permission.oneroster_read))]
Writer = Annotated[Actor, Depends(signed_in(Permission.oneroster_write))]
Remover = Annotated[Actor, Depends(signed_in(Permission.oneroster_delete))]
SourcedId = Annotated[Text, Path(min_length=1, max_length=255)]
Fields = Annotated[Text, Query(max_length=500, description="Names with commas between them; all where none is.")]


def asked(
    limit: Annotated[int, Query(ge=1, le=LONGEST_LIST)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    sort: Annotated[Text, Query(max_length=100, description="The field to sort by.")] = "",
    order_by: Annotated[Literal["asc", "desc"], Query(alias="orderBy")] = "asc",
    filter: Annotated[Text, Query(max_length=2_000, description="Such as title='Quiz' AND class.sourcedId='k1'.")] = "",
    fields: Fields = "",
) -> Asked:
    return Asked(filter, sort, order_by == "desc", fields, limit, offset)


Asking = Annotated[Asked, Depends(asked)]


def many(request: Request, name: str, found: Sequence[Document], wanted: Asked, known: frozenset[str]) -> JSONResponse:
    """A page of a list, with how many there are, and where the others begin."""
    return paged(request, name, chosen(found, wanted, known), wanted)


def paged(request: Request, name: str, found: tuple[list[dict[str, Any]], int], wanted: Asked) -> JSONResponse:
    """The same of a page that was read as one."""
    page, total = found
    headers = {"X-Total-Count": str(total)}
    if links := _links(request, wanted, total):
        headers["Link"] = links
    return JSONResponse({name: page}, headers=headers)


def one(name: str, document: Document, fields: str, known: frozenset[str]) -> JSONResponse:
    return JSONResponse({name: narrowed(document, fields, known)})


def put(name: str, document: Document, *, made: bool) -> JSONResponse:
    """201 for what is new, 200 for what was there."""
    return JSONResponse({name: dict(document)}, 201 if made else 200)


def _links(request: Request, wanted: Asked, total: int) -> str:
    last = max(0, (total - 1) // wanted.limit * wanted.limit)
    places = {"first": 0, "last": last}
    if wanted.offset + wanted.limit < total:
        places["next"] = wanted.offset + wanted.limit
    if wanted.offset > 0:
        places["prev"] = max(0, wanted.offset - wanted.limit)
    given = [(name, value) for name, value in request.query_params.multi_items() if name not in ("limit", "offset")]
    return ", ".join(
        f'<{request.url.path}?{urlencode([*given, ("limit", wanted.limit), ("offset", offset)])}>; rel="{rel}"'
        for rel, offset in places.items()
    )


def _moment(value: Any) -> datetime:
    """A day alone is its midnight; a moment without a zone is UTC."""
    try:
        found = datetime.fromisoformat(str(value))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValueError("must be a moment such as 2026-12-31T08:00:00.000Z") from None


def _day(value: Any) -> date:
    return _moment(value).date()


def _exact(value: Any) -> Any:
    """Numbers as they were written; not texts, and not true or false."""
    number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
    if number is None:
        raise ValueError("must be a number")
    return number


Moment = Annotated[datetime, BeforeValidator(_moment)]
Day = Annotated[date, BeforeValidator(_day)]
Exact = Annotated[Decimal, BeforeValidator(_exact), Field(max_digits=20, decimal_places=10, allow_inf_nan=False)]
Status = Literal["active", "tobedeleted"]


class Sent(BaseModel):
    """What comes in, with its names as the protocol writes them. What is not known is ignored: there are extensions."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore")


class Ref(Sent):
    """What something belongs to; its address is ours to know."""

    sourced_id: Text = Field(min_length=1, max_length=255)
