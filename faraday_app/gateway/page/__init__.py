"""The pages of the gateway."""

from faraday_app.gateway.page import models, providers, routing

__all__ = ["models", "providers", "routing"]
