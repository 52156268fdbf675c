"""What may be said, and to whom: limits and refusals."""

import re
import unicodedata
from datetime import timedelta

from app.errors import AppError, Forbidden, NotFound

MESSAGE_CHARACTERS = 4000
CLIENT_ID_CHARACTERS = 64
GROUP_NAME_CHARACTERS = 100
GROUP_TOPIC_CHARACTERS = 500
GROUP_MEMBERS = 10_000
INVITES_PER_GROUP = 100
"""Links of a group that are good at the same time."""

INVITE_SECONDS = 365 * 24 * 3600
"""The longest time that a link with an end is good for."""

RETENTION_DAYS = 3650
"""The longest time for which a group may choose to keep messages; or it chooses none."""

PARTICIPANTS_AT_ONCE = 100
MEMBERS_SHOWN = 100
"""Members listed with a conversation; of a larger group, those who joined first."""

REACTIONS_PER_MESSAGE = 500
EMOJI_PER_MESSAGE = 20
EMOJI_CHARACTERS = 16
"""Flags, families and skin tones are several code points."""

MENTIONS_PER_MESSAGE = 50
FILES_PER_MESSAGE = 10
CHANGE_THROTTLE_MS = 100
"""One edit, deletion or reaction of a user in a conversation in this time, unless the throttle is off altogether."""

UNREAD_COUNTED = 100
"""Unread messages of a conversation are counted up to here."""

UNREAD_LOOKED_AT = 1000
"""And looked for among so many of the newest events, which bounds the cost where nothing but one's own follows."""

RECEIPTS_SHOWN = 50
"""The largest group in which members see live how far the others have read."""

CACHED_MESSAGES = 100
"""What Redis keeps of a conversation (document C, "Redis Caching Strategy")."""

CACHED_FOR = timedelta(hours=24)
"""Since the last message (document C)."""

RETRIEVED_MESSAGES = 10
"""What `retrieve_message` answers with when no number is given (document D)."""


class EmptyMessage(AppError):
    status = 400
    code = "empty_message"
    detail = "A message needs at least one visible character."


class MessageTooLong(AppError):
    status = 400
    code = "message_too_long"
    detail = f"A message has at most {MESSAGE_CHARACTERS} characters."


class UnstorableText(AppError):
    status = 400
    code = "unstorable_text"
    detail = "The text holds a NUL character or half of a surrogate pair, which cannot be stored."


class NoSuchMessage(NotFound):
    code = "no_such_message"
    detail = "There is no such message, or it was deleted."


class NoSuchAttachment(AppError):
    status = 422
    code = "no_such_attachment"
    detail = "Only files that you have uploaded, and that no other message has, can be sent."


class NotYourMessage(Forbidden):
    code = "not_your_message"
    detail = "Only who wrote a message may edit it; they and the group's admins may delete it."


class NoEmoji(AppError):
    status = 400
    code = "no_emoji"
    detail = "React with one emoji."


class TooManyReactions(AppError):
    status = 409
    code = "too_many_reactions"
    detail = f"A message takes {REACTIONS_PER_MESSAGE} reactions, of {EMOJI_PER_MESSAGE} different emoji."


class NotAMember(NotFound):
    """An outsider is not told whether the conversation exists."""

    code = "no_such_conversation"
    detail = "There is no such conversation, or you are not in it."


class NotReachable(Forbidden):
    """Whoever of the two has blocked the other."""

    code = "not_reachable"
    detail = "There can be no further messages between the two of you."


class TalkingToYourself(AppError):
    status = 400
    code = "talking_to_yourself"
    detail = "A conversation needs somebody other than you."


class FriendsOnly(Forbidden):
    """The same for a setting of the server, for a person's own choice, and for a block."""

    code = "friends_only"
    detail = "This person takes one-to-one chats from friends at most."


class GroupFull(AppError):
    status = 409
    code = "group_full"
    detail = f"A group has at most {GROUP_MEMBERS} members."


class NotAGroup(AppError):
    status = 409
    code = "not_a_group"
    detail = "This is a one-to-one chat, not a group."


class GroupNameRefused(AppError):
    status = 400
    code = "group_name_refused"
    detail = f"A group's name is one line of at most {GROUP_NAME_CHARACTERS} characters. A public group has one."


class NoSuchInvite(NotFound):
    code = "no_such_invite"
    detail = "This invite is unknown, expired, used up or revoked."


class TooManyInvites(AppError):
    status = 409
    code = "too_many_invites"
    detail = f"A group has at most {INVITES_PER_GROUP} invites that are good. Revoke some first."


def storable(text: str) -> str:
    """The text as it is, if PostgreSQL and UTF-8 can hold it. Raises UnstorableText."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise UnstorableText
    return text


def is_visible(text: str) -> bool:
    return any(unicodedata.category(character)[0] not in {"C", "Z"} for character in text)


def is_one_line(text: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text)


def message_text(text: str) -> str:
    """A message as it will be stored: as typed, without white space around it.

    Raises EmptyMessage, MessageTooLong or UnstorableText.
    """
    text = storable(text.strip())
    if not is_visible(text):
        raise EmptyMessage
    if len(text) > MESSAGE_CHARACTERS:
        raise MessageTooLong
    return text


def group_name(text: str) -> str:
    """A name as it will be stored. Raises GroupNameRefused or UnstorableText."""
    text = storable(text.strip())
    if not is_visible(text) or not is_one_line(text) or len(text) > GROUP_NAME_CHARACTERS:
        raise GroupNameRefused
    return text


def group_topic(text: str | None) -> str | None:
    """A topic as it will be stored, None if it is blank. Raises UnstorableText."""
    return storable((text or "").strip()) or None


MENTION = re.compile(r"(?<![\w@.-])@([A-Za-z0-9](?:[A-Za-z0-9_.-]{0,28}[A-Za-z0-9_])?)")


NOT_IN_EMOJI = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Zs", "Zl", "Zp", "Cc", "Cs", "Co", "Cn"})
"""Unicode categories: letters, spaces, controls, surrogates, unassigned. Joiners (Cf) and selectors (Mn) are part."""


def names_mentioned(text: str) -> list[str]:
    """The lower-case names after an @, each once. A name may end the sentence: its full stop is not part of it."""
    names = dict.fromkeys(name.lower() for name in MENTION.findall(text))
    return list(names)[:MENTIONS_PER_MESSAGE]


def emoji(text: str) -> str:
    """One emoji as it was typed. Raises NoEmoji.

    No table of them, which would be out of date each year: short, without letters, digits, spaces or controls, and
    with at least one symbol or keycap.
    """
    kinds = {unicodedata.category(character) for character in text}
    if not 0 < len(text) <= EMOJI_CHARACTERS or kinds & NOT_IN_EMOJI or not kinds & {"So", "Me"}:
        raise NoEmoji
    return text
