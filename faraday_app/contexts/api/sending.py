"""How files come in and go out over HTTP: as they are, without a form around them."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from faraday_app.contexts.models import Reading, StoredFile
from faraday_app.contexts.service import stored
from faraday_app.core.errors import Invalid
from faraday_app.core.http.downloads import to_save
from faraday_app.core.http.fields import Text

Name = Annotated[
    Text,
    Query(min_length=1, max_length=300, description="What the file is called.", examples=["Class trip.pdf"]),
]
ABOUT = (
    "The body is the file as it is: text, Markdown, CSV, JSON, HTML, PDF or Word (.docx), at most 20 MB. What it is"
    " is told by its content. It is read in the background: `state` is `reading`, then `ready`, or `failed` with the"
    " reason in `problem`."
)
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The file.",
    }
}


class FileOut(BaseModel):
    """`kind`: what it is by its content. `passages`: in how many parts it is looked through."""

    name: str
    kind: str
    size: int
    state: Reading
    problem: str
    passages: int


def file_out(file: StoredFile) -> FileOut:
    return FileOut(
        name=file.name,
        kind=file.kind,
        size=file.size,
        state=Reading(file.state),
        problem=file.problem,
        passages=file.passages,
    )


async def sent(request: Request) -> bytes:
    content = await request.body()
    if not content:
        raise Invalid("Send the file as the body.", field="file")
    return content


async def download(file: StoredFile) -> Response:
    """To be saved, never to be shown: what is in a file is its author's affair."""
    return to_save(file.name, await stored.content_of(file))
