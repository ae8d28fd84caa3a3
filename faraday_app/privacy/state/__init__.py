"""What the pages of privacy hold."""

from faraday_app.privacy.state.privacy import PrivacyState
from faraday_app.privacy.state.records import RecordsState

__all__ = ["PrivacyState", "RecordsState"]
