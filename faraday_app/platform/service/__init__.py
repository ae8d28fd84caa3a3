"""What a platform administrator may: see how many there are of everything, and found organisations."""

from faraday_app.platform.service import founding, overview

__all__ = ["founding", "overview"]
