"""The API against its own description, with generated requests: sound ones and broken ones."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import text
from sqlmodel import SQLModel
from starlette.types import ASGIApp

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import catalogue
from faraday_app.http import http_app
from faraday_app.organizations.service import assignments, roles
from faraday_app.organizations.service.subjects import RoleDraft
from tests.factories import (
    backups,
    classes,
    contexts,
    coursework,
    data,
    marking,
    memory,
    models,
    security,
    shares,
    templates,
    versions,
)
from tests.factories import gateway as providers
from tests.factories.api import make_key
from tests.factories.gpts import make_ended, make_gpt
from tests.factories.materials import add_page_to
from tests.factories.people import Cast, make_cast

ADDRESS = "http://localhost:3000"
CREDIT = 1_000_000

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Of a request with a body; what only has values in its address has fewer ways to be wrong. More for a thorough run.
EXAMPLES = int(os.environ.get("FARADAY_EXAMPLES", "6"))
# Ids in paths of which there is none to be found here.
NOWHERE = ("price", "receipt", "folder", "key", "rule", "override", "import", "drill", "erasure", "replay")
OURS = {"authorization", "cookie", "host"}
OPERATIONS = {
    operation.label: operation
    for operation in (found.ok() for found in schemathesis.openapi.from_dict(http_app().openapi()).get_all_operations())
}


@pytest.fixture
def brief(monkeypatch):
    short = replace(gateway.built_in(), longest_answer=2)
    monkeypatch.setattr(catalogue, "built_in", lambda: short)


@pytest_asyncio.fixture(scope="module")
async def school() -> Cast:
    made = await make_cast()
    await contexts.fund(made, made.administrator, amount=1_000 * CREDIT)
    return made


@pytest_asyncio.fixture(scope="module")
async def administrator(web_app, school) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(web_app, await make_key(school.administrator)) as client:
        yield client


@pytest_asyncio.fixture(scope="module")
async def stranger(web_app, school) -> AsyncIterator[httpx.AsyncClient]:
    """The administrator of another school, with every right there."""
    async with _client(web_app, await make_key(school.stranger)) as client:
        yield client


def _client(web_app: ASGIApp, secret: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(web_app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers, timeout=90)


@pytest_asyncio.fixture(scope="module")
async def existing(administrator, school) -> dict[str, str]:
    """Ids of things that are there, by the names they have in paths."""
    context_id = await contexts.begin(school.administrator)
    run = await contexts.ask(school.administrator, context_id)
    await contexts.finish(run)
    async with transaction(school.administrator) as session:
        maker = replace(school.administrator, confirmed_at=now())
        role_id = await roles.create_role(session, maker, RoleDraft("Lab lead"))
        await assignments.give_role(session, maker, role_id, school.colleague.user)
    await providers.make_model(school.organization_id, "ours")
    alert = await security.make_alert(school.organization_id)
    opened = await administrator.post("/api/v1/security/incidents", json={"alert_id": str(alert.id)})
    provider = await models.add_provider(school.administrator)
    model = await models.add_model(school.administrator, provider)
    deployment = await models.deployment_of(school.administrator, model)
    item = await data.send_in(school.administrator, context_id, "frogs.md", data.FROGS.encode())
    gpt = await make_gpt(school.administrator)
    known = await data.teach(school.administrator, gpt.id, "frogs.md", data.FROGS.encode())
    backup = await backups.made(school.administrator)
    restore = await backups.compared(school.administrator, backup)
    share = await shares.give(school.administrator, gpt, await make_gpt(school.administrator, "Vega"))
    classroom = await classes.make_ids(school)
    page_id = await add_page_to(school.teacher, UUID(classroom["class_id"]))
    return {
        **{f"{name}_id": str(new_id()) for name in NOWHERE},
        "organization_id": str(school.organization_id),
        "provider_id": str(provider.id),
        "model_id": str(model.id),
        "deployment_id": str(deployment.id),
        "message_id": str(run.message_id),
        "role_id": str(role_id),
        "conversation_id": str(context_id),
        "gpt_id": str(gpt.id),
        "material_id": str(page_id),
        "number": "1",
        "version_id": str((await versions.history(school.administrator, gpt.id))[0].version.id),
        "item_id": str(item.id),
        "knowledge_id": str(known.id),
        "memory_id": str((await memory.remember(school.administrator, "Teaches physics.")).id),
        "share_id": str(share.id),
        "backup_id": str(backup.id),
        "restore_id": str(restore.id),
        "run_id": str(run.id),
        "orchestration_id": str((await make_ended(school.administrator, context_id, run.message_id)).id),
        "user_id": str(school.colleague.user_id),
        "place": "203.0.113.7",
        "template_id": str((await templates.make(school.administrator)).template.id),
        "incident_id": opened.json()["id"],
        "alert_id": str(alert.id),
        "model": "ours",
        **classroom,
        **await marking.make_ids(school, UUID(classroom["class_id"])),
        **await coursework.make_ids(school, UUID(classroom["class_id"])),
    }


def _sender(client: httpx.AsyncClient) -> Callable[[Case], httpx.Response]:
    """Generated cases come on a thread of their own; the app runs on the loop of the test."""
    loop = asyncio.get_running_loop()

    def send(case: Case) -> httpx.Response:
        wanted = requests.Request(**_plain(case)).prepare()
        headers = {name: value for name, value in wanted.headers.items() if name.lower() not in OURS}
        request = client.build_request(wanted.method or "", wanted.url or "", headers=headers, content=wanted.body)
        return asyncio.run_coroutine_threadsafe(client.send(request), loop).result(90)

    return send


def _plain(case: Case) -> dict[str, Any]:
    kwargs = case.as_transport_kwargs(base_url=ADDRESS)
    return {name: kwargs[name] for name in ("method", "url", "headers", "params", "json", "data") if kwargs.get(name)}


def _cases() -> list[Any]:
    """Nothing can be wrong with a request that has no values."""
    return [
        pytest.param(label, mode, id=f"{label} {mode.value}")
        for label, operation in OPERATIONS.items()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        if mode is GenerationMode.POSITIVE or operation.body or _values(operation)
    ]


def _values(operation: APIOperation) -> list[str]:
    return [parameter.name for parameter in operation.iter_parameters() if parameter.name.lower() not in OURS]


def _examples(operation: APIOperation, mode: GenerationMode) -> int:
    """Two for each value that may be one thing or another; ids are given where the request is to be sound."""
    if operation.body:
        return EXAMPLES
    given_ids = len(operation.path_parameters) if mode is GenerationMode.POSITIVE else 0
    return min(EXAMPLES, 1 + 2 * (len(_values(operation)) - given_ids))


def _is_of_platform(label: str) -> bool:
    """About the installation, which no organisation is part of: refused before any id is looked at."""
    return " /api/v1/platform/" in label


@pytest.mark.parametrize(("label", "mode"), _cases())
@pytest.mark.usefixtures("brief")
async def test_answers_as_described(administrator, existing, label, mode):
    operation, send = OPERATIONS[label], _sender(administrator)
    names = [parameter.name for parameter in operation.path_parameters]
    ids = {name: existing[name] for name in names} if mode is GenerationMode.POSITIVE else None

    @settings(
        max_examples=_examples(operation, mode),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=ids or None))
    def check(case: Case) -> None:
        case.validate_response(send(case), checks=CHECKS)

    await asyncio.to_thread(check)


@pytest.mark.parametrize(
    "label", [label for label, found in OPERATIONS.items() if found.path_parameters and not _is_of_platform(label)]
)
@pytest.mark.usefixtures("brief")
async def test_ids_of_another_organization_lead_nowhere(stranger, existing, label):
    """Whatever else a well-formed request says: what is theirs does not exist for us."""
    operation, send = OPERATIONS[label], _sender(stranger)
    ids = {parameter.name: existing[parameter.name] for parameter in operation.path_parameters}

    @settings(max_examples=2, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE, path_parameters=ids))
    def check(case: Case) -> None:
        response = send(case)
        assert response.status_code in (404, 422), f"{label}: {response.status_code} {response.text[:200]}"

    await asyncio.to_thread(check)


@pytest.mark.parametrize("label", [label for label, found in OPERATIONS.items() if found.body])
@pytest.mark.usefixtures("brief")
async def test_fields_that_nobody_offered_change_nothing(administrator, school, existing, label):
    """Mass assignment: rights, owners and organisations cannot be slipped in beside what is asked for."""
    operation, send = OPERATIONS[label], _sender(administrator)
    ids = {parameter.name: existing[parameter.name] for parameter in operation.path_parameters}
    theirs = school.stranger
    smuggled = {
        **dict.fromkeys(("organization_id", "owner_id"), str(theirs.organization)),
        **dict.fromkeys(("platform_admin", "is_admin"), True),
        "created_at": "2001-01-01T00:00:00Z",
        "version": 10**6,
        "id": str(new_id()),
    }
    before = await _standing(theirs.organization)

    @settings(max_examples=2, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE, path_parameters=ids or None))
    def check(case: Case) -> None:
        if isinstance(case.body, dict):
            case.body = {**smuggled, **case.body}
            response = send(case)
            # A model that was made by another of these calls may be nowhere.
            assert response.status_code < 500 or response.status_code == 503, response.text
            assert not {smuggled["id"], smuggled["organization_id"]} & set(response.text.split('"')), label

    await asyncio.to_thread(check)
    assert await _standing(theirs.organization) == before


async def _standing(organization_id: UUID) -> dict[str, int]:
    """How many rows each table holds of an organisation."""
    tables = [name for name, table in SQLModel.metadata.tables.items() if "organization_id" in table.c]
    counts = ", ".join(f"(select count(*) from {name} where organization_id = :id)" for name in tables)  # noqa: S608
    async with transaction(Actor.system()) as session:
        row = await session.execute(text(f"select {counts}"), {"id": organization_id})
        return dict(zip(tables, row.one(), strict=True))


async def test_every_operation_says_what_it_is_for(guest):
    schema = (await guest.get("/api/v1/openapi.json")).json()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], f"{method} {path}"
            if path.startswith("/api/"):
                assert operation["security"] == [{"ApiKey": []}, {"Session": []}], f"{method} {path}"
                assert {"401", "403", "429"} <= set(operation["responses"]), f"{method} {path}"
                refusal = operation["responses"]["403"]["content"]
                assert list(refusal) == ["application/problem+json"], f"{method} {path}"
    assert not any("ValidationError" in name for name in schema["components"]["schemas"])
