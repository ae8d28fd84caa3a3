"""Which models there are, what they cost, and how to ask them."""

from faraday_app.gateway.service.asking import Call, answer, planned, whole
from faraday_app.gateway.service.catalogue import built_in, install, may_use, model_named, models_for, names, offered
from faraday_app.gateway.service.listening import Piece
from faraday_app.gateway.service.receipts import Receipt
from faraday_app.gateway.service.receipts import keep as keep_receipt
from faraday_app.gateway.service.receipts import keep_in as keep_receipt_in
from faraday_app.gateway.service.routing import AUTO, Asked
from faraday_app.gateway.service.tokens import fitted, most_tokens, most_tokens_of
from faraday_app.gateway.service.upstream import reachable
from faraday_app.gateway.views import Turn

__all__ = [
    "AUTO",
    "Asked",
    "Call",
    "Piece",
    "Receipt",
    "Turn",
    "answer",
    "built_in",
    "fitted",
    "install",
    "keep_receipt",
    "keep_receipt_in",
    "may_use",
    "model_named",
    "models_for",
    "most_tokens",
    "most_tokens_of",
    "names",
    "offered",
    "planned",
    "reachable",
    "whole",
]
