"""Materials of a class, added through the services."""

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from faraday_app.classes.models import Enrolment, Section
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Material
from faraday_app.coursework.service import materials
from faraday_app.coursework.service.materials import Draft
from tests.factories.classes import Classroom

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PROGRAM = b"MZ" + bytes(200)


async def add_page(
    room: Classroom, title: str = "Cells", body: str = "All living things are made of cells.", **more: Any
) -> Material:
    folder_id = more.pop("folder_id", None)
    async with transaction(room.teacher) as session:
        draft = Draft(title=title, **more)
        return await materials.add_page(session, room.teacher, room.id, folder_id, draft, body)


async def add_page_to(teacher: Actor, class_id: UUID) -> UUID:
    async with transaction(teacher) as session:
        return (await materials.add_page(session, teacher, class_id, None, Draft("Cells"), "All about cells.")).id


async def add_link(
    room: Classroom, title: str = "A film", url: str = "https://example.org/film", **more: Any
) -> Material:
    async with transaction(room.teacher) as session:
        return await materials.add_link(session, room.teacher, room.id, None, Draft(title=title, **more), url)


async def add_file(
    room: Classroom, name: str = "cells.txt", content: bytes = b"Mitochondria make energy.", draft: Draft | None = None
) -> Material:
    async with transaction(room.teacher) as session:
        return await materials.add_file(session, room.teacher, room.id, None, draft, name, content)


async def make_section(room: Classroom, name: str, *students: Actor) -> UUID:
    section = Section(organization_id=room.cast.organization_id, class_id=room.id, name=name)
    async with transaction(Actor.system(room.cast.organization_id)) as session:
        session.add(section)
        await session.flush()
        theirs = col(Enrolment.student_id).in_([each.user for each in students])
        await session.execute(update(Enrolment).where(theirs).values(section_id=section.id))
    return section.id
