from faraday_app.gateway.models import personal as personal
from faraday_app.gateway.models.answers import AnswerRating, SentRequest
from faraday_app.gateway.models.catalogue import DeploymentRow, ModelRow, PriceRow, ProviderKeyRow, ProviderRow
from faraday_app.gateway.models.routing import ModelLearning, RouteReceipt, RoutingPolicyRow
from faraday_app.gateway.models.trials import FailoverDrill, RoutingReplay, State

__all__ = [
    "AnswerRating",
    "DeploymentRow",
    "FailoverDrill",
    "ModelLearning",
    "ModelRow",
    "PriceRow",
    "ProviderKeyRow",
    "ProviderRow",
    "RouteReceipt",
    "RoutingPolicyRow",
    "RoutingReplay",
    "SentRequest",
    "State",
]
