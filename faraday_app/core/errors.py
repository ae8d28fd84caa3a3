"""One hierarchy of errors. The message is what the person reads and can act on."""

from http import HTTPStatus


class FaradayError(Exception):
    """Something a person can be told. ``status`` is its HTTP meaning, ``title`` its kind in a problem document.

    ``type`` is for a program that has to tell this one from others of the same status.
    """

    status = HTTPStatus.BAD_REQUEST
    title = "This did not work"
    type = "about:blank"

    def __init__(self, message: str = "") -> None:
        self.message = message or self.title
        super().__init__(self.message)


class Invalid(FaradayError):
    """What was sent cannot be used as it is. ``field`` names the input to mend, where there is one."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "Please check what you entered"

    def __init__(self, message: str = "", field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotSignedIn(FaradayError):
    status = HTTPStatus.UNAUTHORIZED
    title = "Please sign in"


class NotPermitted(FaradayError):
    status = HTTPStatus.FORBIDDEN
    title = "You may not do this"


class ConfirmationNeeded(FaradayError):
    """The session is old: the page asks who is there once more, and repeats what was wanted."""

    status = HTTPStatus.FORBIDDEN
    title = "Please confirm that it is you"
    type = "urn:faraday:problem:confirmation-needed"


class NotFound(FaradayError):
    """Also what a person outside is told of a thing that exists."""

    status = HTTPStatus.NOT_FOUND
    title = "This does not exist, or you cannot see it"


class Conflict(FaradayError):
    status = HTTPStatus.CONFLICT
    title = "This was changed by someone else"


class LimitReached(FaradayError):
    """Too much or too often. ``retry_after`` is in seconds, 0 when waiting does not help."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "A limit is reached"

    def __init__(self, message: str = "", retry_after: float = 0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PaymentNeeded(FaradayError):
    status = HTTPStatus.PAYMENT_REQUIRED
    title = "Not enough credits"


class Unavailable(FaradayError):
    """A service we depend on does not answer; nothing was lost."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "This is not available right now"
