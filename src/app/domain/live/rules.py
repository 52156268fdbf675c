"""Limits of the one socket."""

from app.errors import AppError

INTRODUCTION_SECONDS = 10
"""How long a socket that brought no credential may take over its first frame."""

MEMBER_SECONDS = 2.0
"""How long a membership that was looked up counts: storing checks it again, and typing may be seen a moment longer."""

SUBSCRIPTIONS = 1000
"""Conversations that one socket may be on."""


class TooManySubscriptions(AppError):
    status = 409
    code = "too_many_subscriptions"
    detail = f"One socket may be on {SUBSCRIPTIONS} conversations. Unsubscribe from some first."


class OtherAccount(AppError):
    status = 403
    code = "other_account"
    detail = "This token belongs to another account, or has other scopes. Open a new socket for it."
