"""What may be said, and to whom: limits and refusals."""

import unicodedata
from datetime import timedelta

from app.errors import AppError, Forbidden, NotFound

MESSAGE_CHARACTERS = 4000
CLIENT_ID_CHARACTERS = 64
GROUP_NAME_CHARACTERS = 100
GROUP_MEMBERS = 10_000
PARTICIPANTS_AT_ONCE = 100
MEMBERS_SHOWN = 100
"""Members listed with a conversation; of a larger group, those who joined first."""

PAGE = 100
"""Messages or conversations in one answer."""

CACHED_MESSAGES = 100
"""What Redis keeps of a conversation (document C, "Redis Caching Strategy")."""

CACHED_FOR = timedelta(hours=24)
"""Since the last message (document C)."""

RETRIEVED_MESSAGES = 10
"""What `retrieve_message` answers with when no number is given (document D)."""


STEWARDS = frozenset({"owner", "admin"})
"""The roles that look after a group."""


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


class NotAMember(NotFound):
    """An outsider is not told whether the conversation exists."""

    code = "no_such_conversation"
    detail = "There is no such conversation, or you are not in it."


class NotASteward(Forbidden):
    code = "not_a_steward"
    detail = "Only the owner and the admins of the group may do this."


class TalkingToYourself(AppError):
    status = 400
    code = "talking_to_yourself"
    detail = "A conversation needs somebody other than you."


class FriendsOnly(Forbidden):
    code = "friends_only"
    detail = "Only friends may open a one-to-one chat here. Send a friend request first."


class GroupFull(AppError):
    status = 409
    code = "group_full"
    detail = f"A group has at most {GROUP_MEMBERS} members."


class NotAGroup(AppError):
    status = 409
    code = "not_a_group"
    detail = "A one-to-one chat cannot be joined or left."


def storable(text: str) -> str:
    """The text as it is, if PostgreSQL and UTF-8 can hold it. Raises UnstorableText."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise UnstorableText
    return text


def message_text(text: str) -> str:
    """A message as it will be stored: as typed, without white space around it.

    Raises EmptyMessage, MessageTooLong or UnstorableText.
    """
    text = storable(text.strip())
    if not any(unicodedata.category(character)[0] not in {"C", "Z"} for character in text):
        raise EmptyMessage
    if len(text) > MESSAGE_CHARACTERS:
        raise MessageTooLong
    return text


def pair(one: int, other: int) -> tuple[int, int]:
    """Two people, in the order in which their conversation is filed."""
    return (one, other) if one < other else (other, one)
