"""What can go wrong, told apart by what a caller does about it."""

from http import HTTPStatus

PASSING = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
"""Also answered by proxies, which know no Retry-After."""


class ParlourError(Exception):
    """Any of the three below."""


class Refused(ParlourError):
    """The server has said no, in the form of RFC 9457; sockets leave out what they have no field for.

    `code` is one of docs/errors.md and never changes, `detail` is for people. What is `passing` may succeed when it is
    sent again, after `retry_after` seconds where it says so.
    """

    def __init__(
        self, code: str, title: str = "", detail: str = "", status: int = 0, retry_after: int | None = None
    ) -> None:
        super().__init__(detail or title or code)
        self.code = code
        self.title = title
        self.detail = detail
        self.status = status
        self.retry_after = retry_after

    @property
    def passing(self) -> bool:
        return self.retry_after is not None or self.status in PASSING


class LoggedOut(Refused):
    """There is no credential, or it is no longer good and cannot be renewed: log in again, or use another key."""


class Unreachable(ParlourError):
    """No answer came, or none that Parlour gives: whether it happened is not known.

    What was named by a `client_id` or a `key` may be sent again under the same name.
    """
