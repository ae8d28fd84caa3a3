"""Encryption at rest: a data key for each organisation, wrapped by the master key of the environment."""

from faraday_app.core.vault.keys import Unreadable, keys
from faraday_app.core.vault.service import seal, unseal

__all__ = ["Unreadable", "keys", "seal", "unseal"]
