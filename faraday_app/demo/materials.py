"""The library of Biology 9B: pages, links and two files, as a teacher has them in the middle of a term."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import typst
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass, Section
from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, Material, MaterialUse
from faraday_app.coursework.service import materials
from faraday_app.coursework.service.materials import Draft
from faraday_app.demo.classes import BIOLOGY
from faraday_app.demo.people import School

CELLS = """# What a cell is made of

Every living thing is made of cells. Look for these parts in your drawing:

| part | what it does |
|---|---|
| nucleus | holds the DNA and controls the cell |
| mitochondria | release energy from sugar |
| cell membrane | decides what comes in and what goes out |
| chloroplast | makes sugar from light, in plants only |

**Before Thursday:** draw an onion cell as you saw it under the microscope, and label four parts.
"""
SAFETY = """# Rules of the lab

1. Wear goggles whenever something is heated.
2. Tie long hair back; leave bags at the door.
3. Tell your teacher at once about anything that breaks.
4. Wash your hands before you leave.
"""
EXAM = (
    "# Unit test: what to expect\n\nTwelve short questions and one drawing. Osmosis counts for a third of the points."
)
HANDOUT = b"""
#set page(margin: 2.4cm)
#set text(size: 11pt)
= Osmosis with potatoes
_Biology 9B, Lab 2_

*You need:* one potato, salt, three beakers, a scale that shows tenths of a gram.

+ Cut three cylinders of the same length and weigh each.
+ Put one into water, one into 5 % salt water, one into 15 % salt water.
+ Wait for thirty minutes, dry them, and weigh them again.

#table(
  columns: (1fr, 1fr, 1fr, 1fr),
  [*Beaker*], [*Before (g)*], [*After (g)*], [*Change (%)*],
  [water], [], [], [],
  [5 % salt], [], [], [],
  [15 % salt], [], [], [],
)

*Explain* with the words _membrane_, _water_ and _concentration_ why they weigh more or less now.
"""
NEEDS = {
    "Root tip lab": ("What a cell is made of", "Rules of the lab"),
    "Enzyme lab": ("Rules of the lab",),
    "Membrane quiz": ("Osmosis with potatoes", "What the Monday lab measured"),
}
MEASURED = b"beaker,before,after\nwater,10.2,11.4\n5 % salt,10.1,9.6\n15 % salt,10.3,8.5\n"


async def make(session: AsyncSession, school: School) -> None:
    maya = school.person("Maya Okafor")
    ours = col(SchoolClass.organization_id) == maya.organization
    biology = await session.scalar(select(SchoolClass).where(col(SchoolClass.name) == BIOLOGY, ours))
    assert biology
    lab = await session.scalar(select(Section).where(col(Section.class_id) == biology.id).order_by(col(Section.name)))
    assert lab
    unit = await materials.folders.make(session, maya, biology.id, "Unit 2: Cells")
    labs = await materials.folders.make(session, maya, biology.id, "Lab work")
    page = await materials.add_page(
        session, maya, biology.id, unit.id, Draft("What a cell is made of", tags=["cells", "microscope"]), CELLS
    )
    await materials.versions.write(
        session, maya, page.id, CELLS.replace("label four parts", "label five parts"), 1, "Five parts, as agreed"
    )
    used = [page, *await _unit(session, maya, biology, unit.id)]
    used += await _labs(session, maya, biology, labs.id, lab)
    await _use(session, used)
    await _attach(session, maya, biology.id, {material.title: material.id for material in used})


async def _attach(session: AsyncSession, maya: Actor, class_id: UUID, ids: dict[str, UUID]) -> None:
    """What some of the class's work needs."""
    query = select(col(Assignment.title), col(Assignment.id)).where(
        col(Assignment.class_id) == class_id, col(Assignment.title).in_(NEEDS)
    )
    for title, assignment_id in (await session.execute(query)).all():
        await materials.attach(session, maya, assignment_id, [ids[each] for each in NEEDS[title]])


async def _unit(session: AsyncSession, maya: Actor, biology: SchoolClass, folder_id: UUID | None) -> list[Material]:
    link = Draft("Inside a cell, in 3D", "Turn it, and open the membrane.", tags=["cells", "film"])
    exam = Draft("Unit test: what to expect", tags=["test"], visible_from=now() + timedelta(days=6))
    film = await materials.add_link(
        session, maya, biology.id, folder_id, link, "https://learn.genetics.utah.edu/content/cells/insideacell/"
    )
    await materials.add_page(session, maya, biology.id, folder_id, exam, EXAM)
    return [film]


async def _labs(
    session: AsyncSession, maya: Actor, biology: SchoolClass, folder_id: UUID | None, lab: Section
) -> list[Material]:
    safety = await materials.add_page(
        session, maya, biology.id, None, Draft("Rules of the lab", tags=["lab", "safety"]), SAFETY
    )
    pdf = await asyncio.to_thread(typst.compile, HANDOUT)
    handout = Draft("Osmosis with potatoes", "Hand it in with your table filled in.", tags=["lab", "osmosis"])
    sheet = await materials.add_file(session, maya, biology.id, folder_id, handout, "Osmosis with potatoes.pdf", pdf)
    measured = Draft("What the Monday lab measured", tags=["osmosis"], section_ids=[lab.id])
    table = await materials.add_file(session, maya, biology.id, folder_id, measured, "osmosis-monday.csv", MEASURED)
    ideas = Draft("Ideas for the open day", draft=True)
    await materials.add_page(session, maya, biology.id, None, ideas, "Microscopes at the door; a quiz about yeast.")
    return [safety, sheet, table]


async def _use(session: AsyncSession, used: list[Material]) -> None:
    """The last two weeks, a little less each day."""
    chance, today = random.Random(9), now().date()
    for material in used:
        for days in range(14):
            session.add(
                MaterialUse(
                    id=new_id(),
                    organization_id=material.organization_id,
                    material_id=material.id,
                    day=today - timedelta(days=days),
                    opened=chance.randint(0, 9),
                    downloaded=chance.randint(0, 3) if material.kind == "file" else 0,
                )
            )
    await session.flush()
