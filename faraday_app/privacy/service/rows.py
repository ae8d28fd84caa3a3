"""The rows of a person in a table, as SQL: what exporting and erasing go by. All names come from our own tables."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, select
from sqlmodel import SQLModel

from faraday_app.core.personal import Place, places


def table_of(place: Place) -> Table:
    return SQLModel.metadata.tables[place.table]


def of_person(place: Place, person_id: UUID, organization_id: UUID) -> ColumnElement[bool]:
    """Where this place names the person, in the organisation where the table belongs to one."""
    table = table_of(place)
    column: Column[UUID] = table.c[place.column]
    if not place.through:
        named: ColumnElement[bool] = column == person_id
    else:
        parents = [each for each in places() if each.table == place.through and not each.through]
        named = column.in_(select(table_of(parents[0]).c.id).where(of_person(parents[0], person_id, organization_id)))
    return named & (table.c.organization_id == organization_id) if "organization_id" in table.c else named


def children_first() -> Iterator[Place]:
    """All places in an order in which rows can go: what refers to a row before the row itself."""
    order = {table.name: position for position, table in enumerate(SQLModel.metadata.sorted_tables)}
    yield from sorted(places(), key=lambda place: -order[place.table])
