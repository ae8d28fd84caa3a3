"""Which models there are, what they cost, and how to ask them."""

from faraday_app.gateway.service.asking import Call, answer, planned, said, whole
from faraday_app.gateway.service.catalogue import (
    built_in,
    install,
    may_use,
    model_named,
    models_for,
    name_of_choice,
    names,
    offered,
)
from faraday_app.gateway.service.listening import Piece
from faraday_app.gateway.service.looking import Way, get_receipt, receipt_of_answer, ways_of
from faraday_app.gateway.service.planning import Plan, Rounds, asked_for, plan
from faraday_app.gateway.service.rating import prefer
from faraday_app.gateway.service.receipts import Receipt
from faraday_app.gateway.service.receipts import keep as keep_receipt
from faraday_app.gateway.service.receipts import keep_in as keep_receipt_in
from faraday_app.gateway.service.routing import AUTO, Asked
from faraday_app.gateway.service.sent import keep as keep_sent
from faraday_app.gateway.service.sent import read as read_sent
from faraday_app.gateway.service.tasks import task_of_messages
from faraday_app.gateway.service.tokens import fitted, most_tokens, most_tokens_of, most_tokens_of_text
from faraday_app.gateway.service.upstream import reachable
from faraday_app.gateway.views import Model, Turn

__all__ = [
    "AUTO",
    "Asked",
    "Call",
    "Model",
    "Piece",
    "Plan",
    "Receipt",
    "Rounds",
    "Turn",
    "Way",
    "answer",
    "asked_for",
    "built_in",
    "fitted",
    "get_receipt",
    "install",
    "keep_receipt",
    "keep_receipt_in",
    "keep_sent",
    "may_use",
    "model_named",
    "models_for",
    "most_tokens",
    "most_tokens_of",
    "most_tokens_of_text",
    "name_of_choice",
    "names",
    "offered",
    "plan",
    "planned",
    "prefer",
    "reachable",
    "read_sent",
    "receipt_of_answer",
    "said",
    "task_of_messages",
    "ways_of",
    "whole",
]
