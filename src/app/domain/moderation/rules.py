"""What can be reported and decided, within which limits; the slice's errors."""

from enum import StrEnum

from app.errors import AppError, NotFound, TooManyRequests

REPORTS_PER_HOUR = 20
"""New ones by one person."""

COMMENT_CHARACTERS = 1000
CONTEXT_MESSAGES = 5
"""Shown to a moderator on either side of a reported message."""

OTHERS_SHOWN = 20
"""Further reports of the same message or person that are shown with one."""

HISTORY_SHOWN = 50
"""Reports and acts shown with a person; there are lists for the rest."""


class Kind(StrEnum):
    MESSAGE = "message"
    USER = "user"


class Reason(StrEnum):
    SPAM = "spam"
    HARASSMENT = "harassment"
    HATE = "hate"
    VIOLENCE = "violence"
    SEXUAL = "sexual"
    SELF_HARM = "self_harm"
    ILLEGAL = "illegal"
    OTHER = "other"


class Action(StrEnum):
    DISMISS = "dismiss"
    REMOVE_MESSAGE = "remove_message"
    WARN = "warn"
    SUSPEND = "suspend"


class NothingToReport(NotFound):
    """An outsider is not told whether the message exists."""

    code = "nothing_to_report"
    detail = "There is no such message or person, or it is not yours to see."


class ReportingYourself(AppError):
    status = 400
    code = "reporting_yourself"
    detail = "You cannot report yourself."


class TooManyReports(TooManyRequests):
    code = "too_many_reports"
    detail = f"You may make {REPORTS_PER_HOUR} reports an hour."


class NoSuchReport(NotFound):
    """Also to a moderator whom the report is about."""

    code = "no_such_report"
    detail = "There is no such report."


class AlreadyResolved(AppError):
    status = 409
    code = "already_resolved"
    detail = "Another decision about this report was made before."


class NothingToRemove(AppError):
    status = 422
    code = "nothing_to_remove"
    detail = "This report is about a person; only a message can be removed."
