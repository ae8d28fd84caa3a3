"""The pages of the platform."""

from faraday_app.platform.page import organizations

__all__ = ["organizations"]
