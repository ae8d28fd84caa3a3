"""The states of the pages of models, providers and routing."""

from faraday_app.gateway.state.keys import ProviderKeysState
from faraday_app.gateway.state.learned import LearnedState
from faraday_app.gateway.state.model import PLACE, PRICE, ModelState
from faraday_app.gateway.state.model_form import ModelFormState
from faraday_app.gateway.state.models import ModelsState
from faraday_app.gateway.state.providers import ModelProvidersState, ProviderTestState
from faraday_app.gateway.state.routing import PolicyState, ReceiptsState, ReceiptState
from faraday_app.gateway.state.trials import DrillsState, ReplayState

__all__ = [
    "PLACE",
    "PRICE",
    "DrillsState",
    "LearnedState",
    "ModelFormState",
    "ModelProvidersState",
    "ModelState",
    "ModelsState",
    "PolicyState",
    "ProviderKeysState",
    "ProviderTestState",
    "ReceiptState",
    "ReceiptsState",
    "ReplayState",
]
