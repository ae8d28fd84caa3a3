"""A marker's sheet as it is kept: what was given in the open columns, what is on the way sealed apart."""

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from faraday_app.core.vault import seal, unseal
from faraday_app.coursework.models import Assessment
from faraday_app.coursework.service.rubrics import Mark, plain


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a marker has written. ``score`` is what they typed in place of what the rubric comes to."""

    marks: dict[str, Mark] = field(default_factory=dict)
    score: Decimal | None = None

    def with_mark(self, criterion_id: str, mark: Mark) -> "Sheet":
        kept = {**self.marks, criterion_id: mark}
        return replace(self, marks={id: each for id, each in kept.items() if each.is_given or each.remark})


async def given(row: Assessment) -> Sheet:
    """What the marker gave last; empty while that is nothing."""
    remarks = json.loads(await unseal(row.sealed_remarks, f"remarks {row.id}")) if row.sealed_remarks else {}
    ids = {*row.marks, *remarks}
    marks = {id: _mark({**row.marks.get(id, {}), "remark": remarks.get(id, "")}) for id in ids}
    return Sheet(marks, _exact(row.score))


async def on_the_way(row: Assessment) -> Sheet | None:
    """What they wrote since; None where there is nothing."""
    if row.sealed_draft is None:
        return None
    kept = json.loads(await unseal(row.sealed_draft, f"marks on the way {row.id}"))
    score = Decimal(kept["score"]) if kept["score"] is not None else None
    return Sheet({id: _mark(each) for id, each in kept["marks"].items()}, score)


async def put_aside(row: Assessment, sheet: Sheet) -> None:
    """Keep it as what is on the way."""
    marks = {id: {**_numbers(mark), "remark": mark.remark} for id, mark in sheet.marks.items()}
    text = json.dumps({"marks": marks, "score": None if sheet.score is None else plain(sheet.score)})
    row.sealed_draft = await seal(row.organization_id, text, f"marks on the way {row.id}")


async def put_down(row: Assessment, sheet: Sheet) -> None:
    """Keep it as what was given; nothing is on the way any more."""
    remarks = {id: mark.remark for id, mark in sheet.marks.items() if mark.remark}
    row.marks = {id: _numbers(mark) for id, mark in sheet.marks.items() if mark.is_given}
    row.sealed_remarks = await seal(row.organization_id, json.dumps(remarks), f"remarks {row.id}") if remarks else None
    row.score, row.sealed_draft = sheet.score, None


def _numbers(mark: Mark) -> dict[str, Any]:
    return {"rating": mark.rating, "points": None if mark.points is None else plain(mark.points)}


def _mark(kept: dict[str, Any]) -> Mark:
    points = kept.get("points")
    return Mark(kept.get("rating"), None if points is None else Decimal(points), kept.get("remark", ""))


def _exact(score: Decimal | None) -> Decimal | None:
    return None if score is None else Decimal(plain(score))
