"""Encryption at rest: a data key for each organisation, wrapped by the master key of the environment."""

from faraday_app.core.vault.service import Unreadable, seal, unseal

__all__ = ["Unreadable", "seal", "unseal"]
