"""What a username, an email and a password may be, and the slice's errors. Pure: limits come in as arguments."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.domain.accounts.commonest import is_common
from app.errors import AppError, Forbidden, NotLoggedIn

USERNAME = re.compile(r"[A-Za-z0-9_.-]{3,30}")
"""ASCII letters on purpose: names that look alike in two alphabets are names to deceive with."""

EMAIL_MAX_LENGTH = 254
"""RFC 5321, 4.5.3.1.3: what fits into a path's 256 octets between its angle brackets."""
EMAIL_LOCAL_MAX_LENGTH = 64
DOMAIN_LABEL_MAX_LENGTH = 63
NOT_IN_LOCAL_PART = frozenset('@<>()[]\\,;:"')

PASSWORD_MAX_LENGTH = 256

NO_PASSWORD = "-"  # noqa: S105  the absence of one
"""In place of a hash: no password matches it."""

REUSE_GRACE_SECONDS = 10
"""How long after its rotation a refresh token may come again from the same device; see `may_answer_again`."""

FOR_EVER = datetime.max.replace(tzinfo=UTC)
"""When a suspension without an end is over: what PostgreSQL's `infinity` is to its driver."""
LONGEST_SUSPENSION = timedelta(days=36_525)
SUSPENSION_REASON_MAX_LENGTH = 500


class StaffRole(StrEnum):
    """In rising order: each may do whatever those before it may."""

    NONE = "none"
    MODERATOR = "moderator"
    STAFF = "staff"
    SUPERUSER = "superuser"


class UsernameRefused(AppError):
    status = 422
    code = "username_refused"
    detail = "A username has 3 to 30 letters, digits, dots, hyphens or underscores."


class EmailRefused(AppError):
    status = 422
    code = "email_refused"
    detail = "This is not an email address."


class PasswordRefused(AppError):
    status = 422
    code = "password_refused"
    detail = "This password cannot be used."


class UsernameTaken(AppError):
    status = 409
    code = "username_taken"
    detail = "This username belongs to someone else."


class EmailTaken(AppError):
    status = 409
    code = "email_taken"
    detail = "This email address belongs to another account."


class WrongCredentials(AppError):
    """One answer for an unknown name, a wrong password and a deactivated account."""

    status = 401
    code = "wrong_credentials"
    detail = "The name or the password is wrong."


class WrongPassword(AppError):
    """From somebody who is logged in: not 401, which would send their client to log in again."""

    status = 403
    code = "wrong_password"
    detail = "The current password is wrong."


class RefreshRefused(NotLoggedIn):
    code = "refresh_refused"
    detail = "This refresh token is unknown, expired, already used or ended. Log in again."


class ProofRefused(AppError):
    status = 400
    code = "proof_refused"
    detail = "This link is unknown, too old, or was already used. Ask for a new one."


def name_of_deleted(user_id: int) -> str:
    """What an account is called after its end. With spaces, which no username may have, so nobody registers it."""
    return f"deleted account {user_id}"


class AccountSuspended(Forbidden):
    """Only to somebody who has shown that the account is theirs."""

    code = "account_suspended"
    detail = "This account is suspended."


class Outranked(Forbidden):
    code = "outranked"
    detail = "Only somebody of a higher role may do this, and nobody to themself."


class UntilRefused(AppError):
    status = 422
    code = "until_refused"
    detail = "A suspension ends at a time to come, within a hundred years; or never, with null."


def suspended(until: datetime, reason: str) -> AccountSuspended:
    """The refusal that says until when, in UTC, and why."""
    ending = "for good" if until == FOR_EVER else f"until {until:%Y-%m-%dT%H:%M:%SZ}"
    return AccountSuspended(f"This account is suspended {ending}. The reason given: {reason}")


def check_until(until: datetime, now: datetime) -> None:
    """Raises UntilRefused."""
    if until != FOR_EVER and not now < until <= now + LONGEST_SUSPENSION:
        raise UntilRefused


def outranks(one: StaffRole, other: StaffRole) -> bool:
    ranks = list(StaffRole)
    return ranks.index(one) > ranks.index(other)


def check_username(username: str) -> str:
    """The username as given. Raises UsernameRefused."""
    if not USERNAME.fullmatch(username):
        raise UsernameRefused
    return username


def check_email(email: str) -> str:
    """The address in Unicode's composed form. Raises EmailRefused.

    Only its shape is looked at, in one pass; that it exists is proved by the mail that is sent to it.
    """
    email = unicodedata.normalize("NFC", email)
    local, at, domain = email.rpartition("@")
    labels = domain.split(".")
    well_formed = (
        at
        and len(email) <= EMAIL_MAX_LENGTH
        and 0 < len(local) <= EMAIL_LOCAL_MAX_LENGTH
        and local.isprintable()
        and not any(character in NOT_IN_LOCAL_PART or character.isspace() for character in local)
        and not (local.startswith(".") or local.endswith(".") or ".." in local)
        and len(labels) > 1
        and all(map(_is_domain_label, labels))
        and not labels[-1].isdigit()
    )
    if not well_formed:
        raise EmailRefused
    return email


def _is_domain_label(label: str) -> bool:
    return (
        0 < len(label) <= DOMAIN_LABEL_MAX_LENGTH
        and label[0] != "-"
        and label[-1] != "-"
        and all(character.isalnum() or character == "-" for character in label)
    )


def normal_password(password: str) -> str:
    """What is hashed: Unicode's NFKC, so that every keyboard's way of composing a letter logs in."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, username: str, email: str | None, min_length: int) -> str:
    """The password in normal form. Raises PasswordRefused.

    Length first and no rules of composition (NIST 800-63B, 3.1.1.2); not one's own name, nor what everybody tries.
    """
    password = normal_password(password)
    if len(password) < min_length:
        raise PasswordRefused(f"A password needs at least {min_length} characters.")
    if len(password) > PASSWORD_MAX_LENGTH:
        raise PasswordRefused(f"A password has at most {PASSWORD_MAX_LENGTH} characters.")
    own_names = {username, email or "", (email or "").rpartition("@")[0]}
    if password.casefold() in {normal_password(name).casefold() for name in own_names}:
        raise PasswordRefused("Your name or email is no password: it is the first thing that anyone tries.")
    if is_common(password):
        raise PasswordRefused("This password is among the commonest. Take one that nobody else has.")
    return password


def may_answer_again(*, seconds_since_use: float, same_device: bool, successor_used: bool) -> bool:
    """May a refresh token that was already used be answered once more, with the very same successor?

    Yes for a few seconds on the same device, while the successor itself is unused: the answer was lost on its way, or
    two tabs asked at once. Nothing new is issued, so there is one line of tokens in any case, and a thief and the owner
    still meet at the next rotation. Everything else is a stolen token, and ends the session (RFC 9700, 4.14.2).
    """
    return same_device and not successor_used and seconds_since_use <= REUSE_GRACE_SECONDS
