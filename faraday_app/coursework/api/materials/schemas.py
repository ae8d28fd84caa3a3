"""What materials are over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.errors import NotFound
from faraday_app.core.http import signed_in
from faraday_app.core.http.fields import Text
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import FileState, MaterialFile, MaterialKind
from faraday_app.coursework.service import materials
from faraday_app.coursework.service.materials import Draft, Entry, Reached
from faraday_app.coursework.service.materials.drafts import LONGEST_PAGE

Reader = Annotated[Actor, Depends(signed_in(Permission.materials_read))]
Keeper = Annotated[Actor, Depends(signed_in(Permission.materials_manage))]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that was read; an older one is refused.")]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Body = Annotated[Text, Field(min_length=1, max_length=LONGEST_PAGE, description="Markdown.", examples=["# Cells"])]
Url = Annotated[Text, Field(max_length=2_000, examples=["https://example.org/film"])]
Note = Annotated[Text, Field(max_length=200, description="What changed, for whoever reads the history.")]


class DraftIn(BaseModel):
    """What is said about a material, and who of the learners sees it when."""

    title: Text = Field(min_length=1, max_length=200, examples=["Cells and tissues"])
    about: Text = Field("", max_length=500)
    tags: list[Annotated[Text, Field(max_length=60)]] = Field(default_factory=list, max_length=20, examples=[["cells"]])
    draft: bool = Field(False, description="Only the staff of the class sees a draft.")
    section_ids: list[UUID] = Field(default_factory=list, max_length=50, description="None: the whole class.")
    visible_from: AwareDatetime | None = None
    visible_until: AwareDatetime | None = None

    def wanted(self) -> Draft:
        return Draft(
            self.title, self.about, self.tags, self.draft, self.section_ids, self.visible_from, self.visible_until
        )


class PageIn(DraftIn):
    folder_id: UUID | None = None
    body: Body


class LinkIn(DraftIn):
    folder_id: UUID | None = None
    url: Url


class MaterialChange(DraftIn):
    version: Version


class FileOut(BaseModel):
    """`content_type` is what the content is. A `quarantined` file is not served; `problem` tells its staff why."""

    name: str
    content_type: str
    size: int
    digest: str = Field(description="SHA-256 of the content.")
    state: FileState
    problem: str


class MaterialOut(BaseModel):
    """`number`: of its current version. Who sees it, and how often it was opened, is told to the staff of the class."""

    id: UUID
    class_id: UUID
    folder_id: UUID | None
    kind: MaterialKind
    title: str
    about: str
    tags: list[str]
    body: str | None = Field(description="Markdown of a page; null in lists.")
    url: str = Field(description="Where a link leads.")
    file: FileOut | None
    number: int
    updated_at: datetime
    version: int
    draft: bool | None = None
    section_ids: list[UUID] | None = None
    visible_from: datetime | None = None
    visible_until: datetime | None = None
    opened: int | None = None


def file_out(file: MaterialFile | None, *, staff: bool) -> FileOut | None:
    if file is None:
        return None
    return FileOut(
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        digest=file.digest,
        state=FileState(file.state),
        problem=file.problem if staff else "",
    )


def material_out(entry: Entry, *, staff: bool, whole: bool = True) -> MaterialOut:
    material = entry.material
    out = MaterialOut(
        id=material.id,
        class_id=material.class_id,
        folder_id=material.folder_id,
        kind=MaterialKind(material.kind),
        title=material.title,
        about=material.about,
        tags=material.tags,
        body=entry.version.body if whole else None,
        url=entry.version.url,
        file=file_out(entry.file, staff=staff),
        number=material.latest,
        updated_at=material.updated_at,
        version=material.version,
    )
    if staff:
        out.draft, out.section_ids, out.opened = material.draft, material.section_ids, entry.opened
        out.visible_from, out.visible_until = material.visible_from, material.visible_until
    return out


async def found_in(session: AsyncSession, actor: Actor, class_id: UUID, material_id: UUID) -> Reached:
    """NotFound for one of another class, whatever the address says."""
    found = await materials.reached(session, actor, material_id)
    if found.material.class_id != class_id:
        raise NotFound
    return found


async def shown(session: AsyncSession, actor: Actor, class_id: UUID, material_id: UUID) -> MaterialOut:
    found = await found_in(session, actor, class_id, material_id)
    return material_out(await materials.entry(session, actor, material_id), staff=found.standing.is_staff)
