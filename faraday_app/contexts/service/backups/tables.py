"""What a backup holds: every table of conversations, found from the models, so that a new one cannot be forgotten."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, UniqueConstraint
from sqlmodel import SQLModel

from faraday_app.contexts import models
from faraday_app.core.vault import registry

# What a backup does not hold, and why.
LEFT_OUT = {
    "backup_schedules": "when backups are made is no part of what they hold",
    "backups": "a backup cannot hold what is told of it",
    "forgotten": "what was forgotten stays so: it is asked at every restore, never set back",
    "imports": "a file being read, which is removed afterwards",
    "memory_looks": "a look that was paid for would be done again",
    "memory_vectors": "what memories mean is found anew from their words",
    "restores": "bringing back does not bring back itself",
}
CONTEXTS = "contexts"
# Whose rows speak of a file that lies in the store under their id.
FILED = "stored_files"
MEMBERS = "context_members"
# What says where people stand and what they may, not what they said. Set back, it would hide what came since, or give
# access again that somebody has withdrawn.
STANDING = frozenset({"access", "last_used_at", "leaf_id", "shared", "updated_at", "version"})
# What comes back where it is missing and is left as it is where it is there: whoever it is about has the last word.
MEMORIES, SHARES = "memories", "gpt_shares"
NEVER_SET_BACK = frozenset({MEMORIES, SHARES})


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names a row of another table."""

    column: str
    to: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of the backup. ``defaults`` are for columns that an older archive does not have.

    ``unique`` are the columns that no two rows have alike. ``has_subject``: a row is about the thing in ``subject_id``.
    """

    name: str
    references: tuple[Reference, ...]
    columns: frozenset[str]
    defaults: dict[str, Any]
    unique: tuple[tuple[str, ...], ...] = ()
    sealed: frozenset[str] = frozenset()

    @property
    def has_subject(self) -> bool:
        return "subject_id" in self.columns

    def to(self, *names: str) -> list[Reference]:
        return [each for each in self.references if each.to in names]


@lru_cache(maxsize=1)
def kept() -> tuple[Kept, ...]:
    """Whatever a row names comes before it."""
    ours = {table.name: model for model in _models() if (table := model.__table__).name not in LEFT_OUT}
    ordered = [table for table in SQLModel.metadata.sorted_tables if table.name in ours]
    return tuple(_described(table, ours[table.name]) for table in ordered)


@lru_cache(maxsize=1)
def within_contexts() -> frozenset[str]:
    """The tables whose rows belong to a conversation, however many tables lie between."""
    found = {CONTEXTS}
    for table in kept():
        if table.to(*found):
            found.add(table.name)
    return frozenset(found)


def _models() -> list[Any]:
    """Also those that ``models`` does not name: what is declared in one of its modules counts."""
    found: list[Any] = []
    waiting: list[Any] = list(SQLModel.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if model.__module__.startswith(models.__name__) and hasattr(model, "__table__"):
            found.append(model)
    return found


def _described(table: Table, model: Any) -> Kept:
    references = tuple(
        Reference(column.name, key.column.table.name, bool(column.nullable))
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name != "organizations"
    )
    defaults = {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
        if name in table.columns and not field.is_required()
    }
    alike: list[Any] = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    alike += [
        each.columns for each in table.indexes if each.unique and each.dialect_options["postgresql"]["where"] is None
    ]
    unique = tuple(sorted(tuple(column.name for column in columns) for columns in alike if columns))
    sealed = frozenset(each.column for each in registry.columns() if each.table == table.name)
    return Kept(table.name, references, frozenset(table.columns.keys()), defaults, unique, sealed)
