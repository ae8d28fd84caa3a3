"""Migrations run as the owner of the tables, over a connection that ``core.migrations`` opens."""

from alembic import context
from sqlmodel import SQLModel

import faraday_app.tables  # noqa: F401  every table registers itself

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    compare_type=True,
    include_name=lambda name, kind, parents: kind != "table" or not name.startswith("procrastinate_"),
)
with context.begin_transaction():
    context.run_migrations()
