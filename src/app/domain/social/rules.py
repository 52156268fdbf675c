"""What can go wrong between friends."""

from app.errors import AppError, NotFound

PAGE = 100


class FriendOfYourself(AppError):
    status = 400
    code = "friend_of_yourself"
    detail = "You cannot be your own friend here."


class AlreadyFriends(AppError):
    status = 409
    code = "already_friends"
    detail = "You are friends already."


class NoSuchRequest(NotFound):
    code = "no_such_request"
    detail = "There is no such friend request."


class NotFriends(NotFound):
    code = "not_friends"
    detail = "You are not friends."


def pair(one: int, other: int) -> tuple[int, int]:
    """Two people in the order in which their friendship is filed."""
    return (one, other) if one < other else (other, one)
