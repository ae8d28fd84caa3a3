"""From a request to a call: who may use what, and since when it takes."""

import time

from fastapi import Request

from faraday_app.core.errors import Invalid
from faraday_app.core.http.passage import Passage
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway
from faraday_app.gateway.api.wanted import Chat, Embedding
from faraday_app.gateway.errors import ModelUnknown
from faraday_app.gateway.service.catalogue import may_use
from faraday_app.gateway.service.wire import pass_through
from faraday_app.gateway.views import Category, Model, Offered

PURPOSE = "api"


async def chat_call(request: Request, actor: Actor, wanted: Chat) -> gateway.Call:
    """ModelUnknown for a model that is not there or not theirs, NotPermitted for one that their key is not for."""
    offered = await gateway.offered(actor.organization_id)
    longest = 0
    if wanted.model != gateway.AUTO:
        model = _named(offered, actor, wanted.model)
        if not model.category.answers:
            raise Invalid(f"{model.name} does not answer messages.", field="model")
        longest = model.longest_answer
    answer = wanted.most_answer or longest or max(model.longest_answer for model in offered.models)
    asked = gateway.Asked(wanted.model, wanted.prompt, answer, wanted.needs)
    return _call(request, actor, asked, wanted.body)


async def embedding_call(request: Request, actor: Actor, wanted: Embedding) -> gateway.Call:
    offered = await gateway.offered(actor.organization_id)
    if wanted.model == gateway.AUTO:
        model = next((each for each in offered.models if _embeds(each) and may_use(actor, each)), None)
        if model is None:
            raise ModelUnknown(wanted.model)
    else:
        model = _named(offered, actor, wanted.model)
    if not _embeds(model):
        raise Invalid(f"{model.name} makes no embeddings.", field="model")
    call = _call(request, actor, gateway.Asked(model.name, wanted.longest, 0), wanted.body)
    call.path = "/embeddings"
    return call


def _named(offered: Offered, actor: Actor, name: str) -> Model:
    actor.must_use(name)
    model = offered.named(name)
    if model is None or not may_use(actor, model):
        raise ModelUnknown(name)
    return model


def _embeds(model: Model) -> bool:
    return model.category is Category.embedding


def _call(request: Request, actor: Actor, asked: gateway.Asked, body: dict[str, object]) -> gateway.Call:
    passage = Passage.of(request.scope)
    return gateway.Call(
        actor.organization,
        body,
        gateway.Receipt(PURPOSE, asked),
        lambda model: may_use(actor, model),
        passage.begun if passage else time.perf_counter(),
        pass_through,
    )
