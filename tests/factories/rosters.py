"""OneRoster packages as they come in: small ones to break, and any at all."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from faraday_app.classes.oneroster import File, Mode, Package, Severity, Status, Version, read
from faraday_app.classes.oneroster.cells import (
    BOOLEAN,
    DATE,
    GUID,
    MOMENT,
    NUMBER,
    REFERENCE,
    REFERENCES,
    TEXT,
    TEXTS,
    YEAR,
    Kind,
)
from faraday_app.classes.oneroster.tables import TABLES, Column, Table
from faraday_app.classes.oneroster.words import (
    CLASS_ROLE,
    CLASS_TYPE,
    ORG_ROLE,
    ORG_TYPE,
    ROLE_TYPE,
    SCORE_STATUS,
    SESSION_TYPE,
    SEX,
    STATUS,
    USER_ROLE,
)

SCHOOL = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\no1,,,Faraday,school,,\n",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
    "s1,,,Autumn,term,2026-08-01,2026-12-31,,2027\n",
    "courses": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,"
    'subjectCodes\nc1,,,,Physics,,"10,11",o1,,\n',
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\nk1,,,Physics 10a,,c1,,scheduled,,o1,s1,,,\n",
    "users": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades\n"
    "t1,,,true,o1,teacher,maya,,Maya,Okafor,,,,,,,\n"
    "u1,,,true,o1,student,elif,,Elif,Kaya,,,,,,,\n"
    "u2,,,true,o1,student,emre,,Emre,Kaya,,,,,,,\n",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate\ne1,,,k1,o1,t1,teacher,true,,\ne2,,,k1,o1,u1,student,,,\ne3,,,k1,o1,u2,student,,,\n",
}


def manifest(modes: Mapping[str, str], version: str = "1.1") -> str:
    lines = [f"file.{name},{mode}" for name, mode in modes.items()]
    return "\n".join(["propertyName,value", "manifest.version,1.0", f"oneroster.version,{version}", *lines, ""])


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def package(version: str = "1.1", modes: Mapping[str, str] | None = None, **files: str | bytes | None) -> bytes:
    """The small school with these files instead of its own; None takes one out of the zip, not of the manifest."""
    contents = {**SCHOOL, **files}
    stated = dict.fromkeys(contents, "bulk") | dict(modes or {})
    there = {f"{name}.csv": content for name, content in contents.items() if content is not None}
    return zipped({"manifest.csv": manifest(stated, version), **there})


def edited(file: str, old: str, new: str) -> str:
    """A file of the small school with one thing changed."""
    assert old in SCHOOL[file]
    return SCHOOL[file].replace(old, new)


def found(data: bytes, **options: Any) -> list[tuple[Severity, str, int | None, str, str]]:
    """What was found, without notes: file, row, column, problem."""
    return [
        (each.severity, each.file, each.row, each.column, each.problem)
        for each in read(data, **options).findings
        if each.severity is not Severity.note
    ]


def notes(data: bytes, **options: Any) -> list[str]:
    return [
        f"{each.file}: {each.problem} {each.remedy}"
        for each in read(data, **options).findings
        if each.severity is Severity.note
    ]


_WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
_FILLED = _WORDS.map(str.strip).filter(bool)
_IDS = st.text("abcdefghij0123456789-:{}", min_size=1, max_size=6)
_MOMENTS = st.integers(0, 4_000_000_000_000).map(
    lambda count: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(milliseconds=count)
)
_ONE_OF: list[tuple[Kind, tuple[str, ...]]] = [
    (ORG_TYPE, ("school", "district", "ext:club")),
    (SESSION_TYPE, ("term", "gradingPeriod")),
    (CLASS_TYPE, ("homeroom", "scheduled")),
    (USER_ROLE, ("student", "teacher", "guardian")),
    (ORG_ROLE, ("student", "siteAdministrator")),
    (CLASS_ROLE, ("student", "aide", "teacher")),
    (ROLE_TYPE, ("primary", "secondary")),
    (SEX, ("female", "unspecified")),
    (SCORE_STATUS, ("exempt", "fully graded")),
]
_VALUES: list[tuple[Kind, st.SearchStrategy[Any]]] = [
    (TEXT, _FILLED),
    (GUID, _IDS),
    (TEXTS, st.lists(_FILLED, min_size=1, max_size=3).map(tuple)),
    (BOOLEAN, st.booleans()),
    (DATE, st.dates(date(1990, 1, 1), date(2100, 1, 1))),
    (MOMENT, _MOMENTS),
    (NUMBER, st.decimals(-1000, 1000, places=3).map(Decimal)),
    (YEAR, st.integers(1990, 2100)),
    (STATUS, st.sampled_from(Status)),
    *((kind, st.sampled_from(values)) for kind, values in _ONE_OF),
]


@st.composite
def packages(draw: st.DrawFn, version: Version, mode: Mode) -> Package:
    """Any package of whole files: every reference leads to a row of it."""
    files = [file for file in File if version in TABLES[file].versions]
    ids = {file: draw(st.lists(_IDS, min_size=1, max_size=3, unique=True)) for file in files}
    ids[File.demographics] = ids[File.users]
    records = {
        file.name: tuple(_record(draw, TABLES[file], each, ids, version, mode) for each in ids[file]) for file in files
    }
    return Package(version, dict.fromkeys(files, mode), draw(_FILLED), draw(_FILLED), **records)


def _record(
    draw: st.DrawFn, table: Table, own: str, ids: Mapping[File, list[str]], version: Version, mode: Mode
) -> Any:
    values: dict[str, Any] = {"sourced_id": own}
    for column in table.columns(version)[1:]:
        if column.field == "parent_id" or (mode is Mode.bulk and column.field in {"status", "modified"}):
            continue  # a circle is not fine, and bulk files do not say these
        if version in column.needed or (mode is Mode.delta and column.field == "modified") or draw(st.booleans()):
            values[column.field] = draw(_value(column, ids))
    for low, high in (("begins", "ends"), ("minimum", "maximum")):
        if values.get(low) is not None and values.get(high) is not None:
            values[low], values[high] = sorted((values[low], values[high]))
    return table.record(**values)


def _value(column: Column, ids: Mapping[File, list[str]]) -> st.SearchStrategy[Any]:
    if column.kind is REFERENCE:
        return st.sampled_from(ids[column.to])
    if column.kind is REFERENCES:
        return st.lists(st.sampled_from(ids[column.to]), min_size=1, unique=True).map(tuple)
    return next(strategy for kind, strategy in _VALUES if kind is column.kind)
