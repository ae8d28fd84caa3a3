"""A structure as JSON and back, for the record that is kept of it. Ids and words about work, no names of people."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from faraday_app.gradebook.calculation import Aggregate, DropBy, Grading, Rules
from faraday_app.gradebook.models import Posting
from faraday_app.gradebook.service import policies
from faraday_app.gradebook.service.structure import GroupOf, PeriodOf, Structure, WorkOf


def as_json(structure: Structure) -> dict[str, Any]:
    return {
        "zone": structure.zone,
        "policy": policies.as_json(structure.policy),
        "groups": [_group(each) for each in structure.groups],
        "work": [_work(each) for each in structure.work],
        "periods": [_period(each) for each in structure.periods],
        "sections": {str(student): _id(section) for student, section in structure.sections.items()},
        "releases": {
            str(work): {audience: _time(at) for audience, at in each.items()}
            for work, each in structure.releases.items()
        },
    }


@lru_cache(64)
def digest(structure: Structure) -> str:
    """In hexadecimal digits; another one as soon as anything counts in another way."""
    return hashlib.sha256(json.dumps(as_json(structure), sort_keys=True).encode()).hexdigest()


def from_json(class_id: UUID, organization_id: UUID, content: dict[str, Any]) -> Structure:
    return Structure(
        class_id,
        organization_id,
        content["zone"],
        policies.from_json(content["policy"]),
        tuple(_group_from(each) for each in content["groups"]),
        tuple(_work_from(each) for each in content["work"]),
        tuple(_period_from(each) for each in content["periods"]),
        {UUID(student): _uuid(section) for student, section in content["sections"].items()},
        {
            UUID(work): {audience: _moment(at) for audience, at in each.items()}
            for work, each in content["releases"].items()
        },
    )


def _group(group: GroupOf) -> dict[str, Any]:
    rules = group.rules
    return {
        "id": str(group.id),
        "name": group.name,
        "weight": _text(group.weight),
        "lowest": rules.lowest,
        "highest": rules.highest,
        "never": sorted(map(str, rules.never)),
        "by": rules.by.value,
        "aggregate": group.aggregate.value,
    }


def _group_from(stored: dict[str, Any]) -> GroupOf:
    rules = Rules(stored["lowest"], stored["highest"], frozenset(stored["never"]), DropBy(stored["by"]))
    return GroupOf(UUID(stored["id"]), stored["name"], _number(stored["weight"]), rules, Aggregate(stored["aggregate"]))


def _work(work: WorkOf) -> dict[str, Any]:
    own = {"posting": work.posting.value} if work.posting else {}
    return {
        **own,
        "id": str(work.id),
        "group": str(work.group_id),
        "title": work.title,
        "points": _text(work.points),
        "grading": work.grading.value,
        "shown": work.shown,
        "omitted": work.omitted,
        "handed_in": work.handed_in,
        "due": _time(work.due_at),
        "everyone": work.for_everyone,
        "by_section": {str(id): _time(at) for id, at in work.by_section.items()},
        "by_student": {str(id): _time(at) for id, at in work.by_student.items()},
    }


def _work_from(stored: dict[str, Any]) -> WorkOf:
    return WorkOf(
        UUID(stored["id"]),
        UUID(stored["group"]),
        stored["title"],
        _number(stored["points"]),
        Grading(stored["grading"]),
        stored["shown"],
        stored["omitted"],
        stored["handed_in"],
        _moment(stored["due"]),
        stored["everyone"],
        {UUID(id): _moment(at) for id, at in stored["by_section"].items()},
        {UUID(id): _moment(at) for id, at in stored["by_student"].items()},
        Posting(stored["posting"]) if "posting" in stored else None,
    )


def _period(period: PeriodOf) -> dict[str, Any]:
    return {
        "id": str(period.id),
        "name": period.name,
        "starts": period.starts_on.isoformat(),
        "ends": period.ends_on.isoformat(),
        "weight": _text(period.weight),
        "closed_at": _time(period.closed_at),
    }


def _period_from(stored: dict[str, Any]) -> PeriodOf:
    starts, ends = date.fromisoformat(stored["starts"]), date.fromisoformat(stored["ends"])
    return PeriodOf(
        UUID(stored["id"]), stored["name"], starts, ends, _number(stored["weight"]), _moment(stored["closed_at"])
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None
