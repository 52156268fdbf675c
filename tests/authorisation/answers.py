"""Who asks, and the shorthands of what they are answered: each a status for every role."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the group, and to the owner whose things the rows are about."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    EX_MEMBER = "ex_member"
    """Was a member, and was removed."""
    BLOCKED = "blocked"
    """By the owner and the member. Has a one-to-one chat with the owner from before, and was never in the group."""
    STRANGER = "stranger"
    ANONYMOUS = "anonymous"
    STAFF = "staff"
    MODERATOR = "moderator"


Answers = dict[Role, int]
INSIDERS = (Role.OWNER, Role.ADMIN, Role.MEMBER)


def everyone(status: int, **others: int) -> Answers:
    return dict.fromkeys(Role, status) | named(others)


def logged_in(status: int, **others: int) -> Answers:
    return everyone(status, anonymous=401) | named(others)


def insiders(status: int, **others: int) -> Answers:
    """The group's members. Staff are outsiders like all others: what they may see, they see through a report."""
    return logged_in(404, owner=status, admin=status, member=status) | named(others)


def stewards(status: int, **others: int) -> Answers:
    """The group's owner and admins."""
    return insiders(status, member=403) | named(others)


def group_owner(status: int, **others: int) -> Answers:
    return insiders(403, owner=status) | named(others)


def its_owner(status: int, **others: int) -> Answers:
    """Whose thing it is; to others, members of the same group among them, it is not there."""
    return logged_in(404, owner=status) | named(others)


def moderators(status: int, **others: int) -> Answers:
    return logged_in(403, staff=status, moderator=status) | named(others)


def staff(status: int, **others: int) -> Answers:
    return logged_in(403, staff=status) | named(others)


def named(others: Mapping[str, int]) -> Answers:
    return {Role(name): status for name, status in others.items()}
