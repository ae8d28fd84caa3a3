"""Outgoing e-mail: posted in a transaction, sent after it, kept until it has left."""

from faraday_app.core.mail.letter import letter
from faraday_app.core.mail.service import deliver_waiting, is_configured, post

__all__ = ["deliver_waiting", "is_configured", "letter", "post"]
