from dataclasses import dataclass
from enum import StrEnum

from faraday_app.core.errors import Invalid, Unavailable


class ModelUnavailable(Unavailable):
    def __init__(self, model: str) -> None:
        silent = "No model answers" if model == "auto" else f"{model} does not answer"
        super().__init__(f"{silent} right now. Nothing is lost: try again in a moment.")


class ModelUnknown(Invalid):
    type = "urn:faraday:problem:model-unknown"

    def __init__(self, model: str) -> None:
        super().__init__(f"There is no model “{model}”.", field="model")


class TooLong(Invalid):
    type = "urn:faraday:problem:too-long"

    def __init__(self) -> None:
        super().__init__("This is too long for the model. Shorten it or split it up.", field="message")


class Fault(StrEnum):
    """What can go wrong between Faraday and a provider."""

    unreachable = "unreachable"
    silent = "silent"
    limited = "limited"
    key_refused = "key_refused"
    too_long = "too_long"
    content_policy = "content_policy"
    bad_request = "bad_request"
    broken = "broken"

    @property
    def words(self) -> str:
        return {
            "unreachable": "It could not be reached",
            "silent": "It did not answer in time",
            "limited": "It asked for a pause",
            "key_refused": "It refused the key",
            "too_long": "The text did not fit its window",
            "content_policy": "Its content policy refused",
            "bad_request": "It did not understand the request",
            "broken": "It failed",
        }[self.value]

    @property
    def is_its_own(self) -> bool:
        """Whether it tells something about the provider, and not about what was asked."""
        return self in (Fault.unreachable, Fault.silent, Fault.broken)

    @property
    def is_worth_a_retry(self) -> bool:
        return self.is_its_own and self is not Fault.silent


@dataclass(slots=True)
class ProviderFailure(Exception):
    """A call that a provider did not answer. ``rest`` are seconds that it asked for."""

    fault: Fault
    message: str = ""
    rest: float | None = None

    def __str__(self) -> str:
        return f"{self.fault.words}: {self.message}" if self.message else self.fault.words
