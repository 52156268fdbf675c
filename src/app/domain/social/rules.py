"""What two people may be to each other, and what can go wrong between them."""

from typing import Literal

from app.errors import AppError, NotFound

OPEN_REQUESTS = 1000
"""Friend requests of one person that wait for an answer. Counted without a lock: at once, a few more may pass."""

BLOCKS = 10_000
"""People whom one person may block, counted the same way: every API process keeps in memory who blocks whom."""

Audience = Literal["everyone", "friends", "nobody"]
Relation = Literal["self", "friend", "requested_by_me", "requested_by_them", "none", "blocked_by_me"]


class FriendOfYourself(AppError):
    status = 400
    code = "friend_of_yourself"
    detail = "You cannot be your own friend here."


class AlreadyFriends(AppError):
    status = 409
    code = "already_friends"
    detail = "You are friends already."


class TooManyOpenRequests(AppError):
    status = 409
    code = "too_many_friend_requests"
    detail = f"You have asked {OPEN_REQUESTS} people who have not answered yet. Take a request back first."


class NoSuchRequest(NotFound):
    code = "no_such_request"
    detail = "There is no such friend request."


class NotFriends(NotFound):
    code = "not_friends"
    detail = "You are not friends."


class BlockingYourself(AppError):
    status = 400
    code = "blocking_yourself"
    detail = "You cannot block yourself."


class TooManyBlocks(AppError):
    status = 409
    code = "too_many_blocks"
    detail = f"You have blocked {BLOCKS} people, and may not block more. Unblock somebody first."


def admits(audience: Audience, *, friends: bool) -> bool:
    """Does somebody who opens up to this audience admit a person who is, or is not, their friend?"""
    return audience == "everyone" or (audience == "friends" and friends)


def relation(*, blocked: bool, asked_by: int | None, accepted: bool, other_id: int, reader_id: int) -> Relation:
    """What another is to a reader, who may have blocked them. `asked_by` is None where nobody asked."""
    if other_id == reader_id:
        return "self"
    if blocked:
        return "blocked_by_me"
    if asked_by is None:
        return "none"
    if accepted:
        return "friend"
    return "requested_by_me" if asked_by == reader_id else "requested_by_them"
