"""Who may do what in a group, and what may be done to whom: one table, and the refusals that come of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.errors import AppError, Forbidden, NotFound

MUTE_SECONDS = 365 * 24 * 3600
"""The longest time that a member can be muted for. Who shall never speak again is removed."""


class Role(StrEnum):
    """Each may do what those before it may."""

    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        return list(Role).index(self)


class Act(StrEnum):
    INVITE = "invite"
    """Add somebody, or make a link by which anybody may join."""
    CHANGE = "change"
    """The name, the topic, who may join, who may invite."""
    MUTE = "mute"
    REMOVE = "remove"
    BAN = "ban"
    """And lift bans, and see who is banned."""
    REVOKE = "revoke"
    """See and take back the links of others; one's own are everybody's to take back."""
    AUTOMATE = "automate"
    """Bring in bots of one's own, and look after webhooks."""
    HOLD_ROUNDS = "hold rounds"
    """Begin a game that the group plays together, and call it off."""
    DELETE_MESSAGES = "delete messages"
    """Of others; one's own are everybody's to delete."""
    APPOINT = "appoint"
    """Make a member an admin, or an admin a member."""
    TRANSFER = "transfer"
    RETAIN = "retain"
    """Choose how long messages are kept."""
    END = "end"
    """Delete the group."""


NEEDED: Mapping[Act, Role] = {
    Act.INVITE: Role.ADMIN,
    Act.CHANGE: Role.ADMIN,
    Act.MUTE: Role.ADMIN,
    Act.REMOVE: Role.ADMIN,
    Act.BAN: Role.ADMIN,
    Act.REVOKE: Role.ADMIN,
    Act.AUTOMATE: Role.ADMIN,
    Act.HOLD_ROUNDS: Role.ADMIN,
    Act.DELETE_MESSAGES: Role.ADMIN,
    Act.APPOINT: Role.OWNER,
    Act.TRANSFER: Role.OWNER,
    Act.RETAIN: Role.OWNER,
    Act.END: Role.OWNER,
}
"""The least role that an act takes."""


class NotAllowedHere(Forbidden):
    """Names the role that it takes."""

    code = "not_allowed_here"
    detail = "Your role in this group does not allow that."


class NoSuchMember(NotFound):
    code = "no_such_member"
    detail = "This person is not in the group."


class BannedHere(AppError):
    """Told to who would add them. They themselves are told that there is no such group."""

    status = 409
    code = "banned_here"
    detail = "This person is banned from the group. Lift the ban first."


class MutedHere(Forbidden):
    code = "muted_here"
    detail = "You are muted in this group."


class MuteRefused(AppError):
    status = 400
    code = "mute_refused"
    detail = f"Say until when, or for how many seconds: in the future, and {MUTE_SECONDS} seconds ahead at most."


def needed(act: Act, *, members_may_invite: bool) -> Role:
    return Role.MEMBER if act is Act.INVITE and members_may_invite else NEEDED[act]


def may(actor: Role, act: Act, target: Role | None = None, *, members_may_invite: bool = False) -> bool:
    """An act on a person takes a higher role than theirs as well, so that nobody acts on their equals or themselves."""
    enough = actor.rank >= needed(act, members_may_invite=members_may_invite).rank
    return enough and (target is None or actor.rank > target.rank)


def check(actor: Role, act: Act, target: Role | None = None, *, members_may_invite: bool = False) -> None:
    """Raises NotAllowedHere where `may` is false."""
    if may(actor, act, target, members_may_invite=members_may_invite):
        return
    role = needed(act, members_may_invite=members_may_invite)
    if target is not None and actor.rank >= role.rank:
        raise NotAllowedHere(f"This takes a higher role in the group than theirs, which is {target}.")
    raise NotAllowedHere(f"This takes the role {role} in the group; yours is {actor}.")


def mute_end(now: datetime, until: datetime | None, seconds: int | None) -> datetime:
    """When a mute ends: at a time, or after so many seconds. Raises MuteRefused."""
    if (until is None) == (seconds is None):
        raise MuteRefused
    end = until if until is not None else now + timedelta(seconds=seconds or 0)
    if not now < end <= now + timedelta(seconds=MUTE_SECONDS):
        raise MuteRefused
    return end.astimezone(UTC)


def check_voice(now: datetime, muted_until: datetime | None) -> None:
    """Raises MutedHere to who may not speak yet."""
    if muted_until and muted_until > now:
        raise MutedHere(f"You are muted in this group until {rfc_3339(muted_until)}.")


def rfc_3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
