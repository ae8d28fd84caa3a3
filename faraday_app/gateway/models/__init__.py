from faraday_app.gateway.models.catalogue import DeploymentRow, ModelRow, PriceRow, ProviderKeyRow, ProviderRow
from faraday_app.gateway.models.routing import FailoverDrill, ModelLearning, RouteReceipt, RoutingPolicyRow

__all__ = [
    "DeploymentRow",
    "FailoverDrill",
    "ModelLearning",
    "ModelRow",
    "PriceRow",
    "ProviderKeyRow",
    "ProviderRow",
    "RouteReceipt",
    "RoutingPolicyRow",
]
