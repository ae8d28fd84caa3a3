"""Files of work that students review, over HTTP."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.api.submissions import BYTES
from faraday_app.coursework.service import peers
from faraday_app.coursework.service.submissions import uploads

router = APIRouter(prefix="/peer-reviews", tags=["submissions"])
Student = Annotated[Actor, Depends(signed_in(Permission.coursework_submit))]


@router.get(
    "/{review_id}/files/{file_id}",
    summary="Download a file of the work that you review",
    response_class=Response,
    responses={200: {"content": BYTES, "description": "The file."}, **problems(404, 409, 422)},
)
async def download(actor: Student, review_id: UUID, file_id: UUID) -> Response:
    """For the reviewer alone. Who handed it in may not be theirs to know, so it has no address of its own."""
    async with transaction(actor) as session:
        file = await peers.file(session, actor, review_id, file_id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(await uploads.content_of(file), media_type="application/octet-stream", headers=headers)
