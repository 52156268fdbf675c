"""How many bots, keys and webhooks there may be, where an outgoing webhook may go, and when it is given up."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from app.errors import AppError, NotFound
from app.outbound.addresses import why_refused

BOTS_PER_OWNER = 20
KEYS_PER_BOT = 10
INCOMING_PER_CONVERSATION = 10
OUTGOING_PER_CONVERSATION = 10
NAME_CHARACTERS = 100
URL_CHARACTERS = 2000

EVENTS: Mapping[str, str] = {
    "message": "message.created",
    "edited": "message.edited",
    "deleted": "message.deleted",
    "reacted": "message.reacted",
    "unreacted": "message.unreacted",
}
"""What an outgoing webhook calls the events of a conversation, by the `type` that sockets know them by."""

DELIVERIES_SHOWN = 50
"""Attempts remembered of each outgoing webhook."""

GONE = 410
"""RFC 9110, 15.5.11: a receiver's word that it will not be back."""

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(hours=1)
PATIENCE = timedelta(days=3)
"""How long a receiver may fail before its webhook is switched off: a long weekend."""

OLD_SECRET_LASTS = timedelta(days=1)
"""How long deliveries are signed with the secret before the newest one, too."""

USERNAME_STEM = 20
"""Of a username's 30 characters, what is left beside a hyphen and the digits that make it unique."""


class NoSuchBot(NotFound):
    code = "no_such_bot"
    detail = "There is no such bot, or it is not yours."


class NoSuchKey(NotFound):
    code = "no_such_key"
    detail = "This bot has no such API key."


class NoSuchWebhook(NotFound):
    code = "no_such_webhook"
    detail = "There is no such webhook."


class TooManyBots(AppError):
    status = 409
    code = "too_many_bots"
    detail = f"One account may have {BOTS_PER_OWNER} bots. Delete one first."


class TooManyKeys(AppError):
    status = 409
    code = "too_many_keys"
    detail = f"A bot may have {KEYS_PER_BOT} API keys. Revoke one first."


class TooManyWebhooks(AppError):
    status = 409
    code = "too_many_webhooks"
    detail = f"A group may have {INCOMING_PER_CONVERSATION} incoming and {OUTGOING_PER_CONVERSATION} outgoing webhooks."


class NameInUse(AppError):
    status = 409
    code = "name_in_use"
    detail = "Another one goes by this name already. Its secret was shown when it was made, and is not shown again."


class WebhookThere(AppError):
    status = 409
    code = "webhook_there"
    detail = "The group has a webhook to this URL already."


class AlreadyExpired(AppError):
    status = 422
    code = "already_expired"
    detail = "This time has passed already."


class UrlRefused(AppError):
    status = 422
    code = "url_refused"
    detail = "A webhook goes to an https URL on the public internet, without a user name and without a fragment."


def username_stem(name: str) -> str:
    """What the username of a webhook's bot begins with, from a name in any script."""
    stem = re.sub(r"[^A-Za-z0-9_.]+", "-", name)[:USERNAME_STEM].strip("-.").lower()
    return stem or "webhook"


def check_url(url: str, *, inside: bool) -> str:
    """The URL as given. With `inside`, plain http and hosts of our own network are fine, too. Raises UrlRefused.

    A name is looked at when a connection is made, since it may mean another address by then.
    """
    if why_refused(url, inside=inside):
        raise UrlRefused
    return url


def pause_after(failures: int, chance: float) -> timedelta:
    """How long to wait after so many failures in a row, from 1: a second, then twice as long each time, up to an hour.

    `chance`, from 0 to 1, takes off up to half of it: webhooks that failed together do not come back together.
    """
    doublings = min(failures - 1, 12)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE) * (1 - chance / 2)


def is_hopeless(status: int | None, failing_since: datetime, now: datetime) -> bool:
    """Is it time to switch a webhook off? At once when its receiver answers 410, that it is gone for good."""
    return status == GONE or now - failing_since >= PATIENCE
