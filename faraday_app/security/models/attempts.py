from datetime import datetime

from sqlmodel import Field, SQLModel

from faraday_app.core.clock import now
from faraday_app.core.database import moment


class SignInFailures(SQLModel, table=True):
    """Failed sign-ins of one e-mail or one address, whether or not such a person exists."""

    __tablename__ = "sign_in_failures"

    key: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    last_at: datetime = moment(default_factory=now)
    blocked_until: datetime | None = moment(default=None, nullable=True)
