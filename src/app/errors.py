"""Errors as named facts: each carries an HTTP status and a code that never changes. No framework here."""

from typing import ClassVar

type_of_code: dict[str, "type[AppError]"] = {}


class AppError(Exception):
    """Something the caller did, or the world is in, that we can name.

    Subclasses set `status` and `code`; the sentence for people is the `detail` of the class, or the one given.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    detail: str = "The request cannot be carried out."
    retry_after: int | None = None
    """Seconds after which the same request may succeed; sent as Retry-After."""

    def __init__(self, detail: str | None = None, *, retry_after: int | None = None) -> None:
        self.detail = detail or self.detail
        self.retry_after = retry_after or self.retry_after
        super().__init__(self.detail)

    def __init_subclass__(cls) -> None:
        clash = type_of_code.setdefault(cls.code, cls)
        if clash is not cls:
            raise TypeError(f"{cls.__name__} and {clash.__name__} share the code {cls.code!r}")

    @classmethod
    def named(cls, code: str, detail: str) -> "AppError":
        """The error a worker named by its code, raised again in the process whose client waits."""
        return type_of_code.get(code, AppError)(detail)


class NotFound(AppError):
    status = 404
    code = "not_found"
    detail = "There is no such thing, or it is not yours to see."


class NoSuchUser(NotFound):
    code = "no_such_user"
    detail = "There is no such user."


class NotLoggedIn(AppError):
    status = 401
    code = "not_logged_in"
    detail = "Log in first: the token is missing, wrong, expired or ended."


class Forbidden(AppError):
    status = 403
    code = "forbidden"
    detail = "You may not do this."


class IdempotencyConflict(AppError):
    status = 409
    code = "idempotency_conflict"
    detail = "This key was already used with another body."


class TooManyRequests(AppError):
    status = 429
    code = "too_many_requests"
    detail = "Too many requests. Please wait a moment."
    retry_after = 1


class Unavailable(AppError):
    status = 503
    code = "unavailable"
    detail = "The server cannot do this right now. Try again; what names itself is stored once."
    retry_after = 1
