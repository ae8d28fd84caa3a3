from faraday_app.gateway.models.catalogue import DeploymentRow, ModelRow, PriceRow, ProviderKeyRow, ProviderRow
from faraday_app.gateway.models.routing import RouteReceipt, RoutingPolicyRow

__all__ = [
    "DeploymentRow",
    "ModelRow",
    "PriceRow",
    "ProviderKeyRow",
    "ProviderRow",
    "RouteReceipt",
    "RoutingPolicyRow",
]
