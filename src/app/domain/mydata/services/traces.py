"""What of a person goes with their account, and what stays, and why.

A slice with something about people brings its line: what is deleted at once, or the reason that it stays. A table that
knows people and is nowhere here fails `tests/domain/mydata/test_parts.py`.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.files.services.avatars import Avatars
from app.domain.files.services.files import Files
from app.domain.mydata.services.exports import Exports
from app.domain.social.services.privacy import Privacy


async def privacy(session: AsyncSession, user_id: int) -> None:
    await Privacy(session=session).forget(user_id)


async def files(session: AsyncSession, user_id: int) -> None:
    """The picture too."""
    await Avatars(session).drop(user_id)
    await Files(session=session).release_loose(user_id)


async def exports(session: AsyncSession, user_id: int) -> None:
    await Exports(session=session).forget_of(user_id)


def rows(statement: str) -> Callable[[AsyncSession, int], Awaitable[None]]:
    """For what is nobody's business but its owner's, and so needs no more than this."""
    prepared = text(statement)

    async def remove(session: AsyncSession, user_id: int) -> None:
        await session.execute(prepared, {"user_id": user_id})

    return remove


class Trace(NamedTuple):
    table: str
    remove: Callable[[AsyncSession, int], Awaitable[None]]
    """Of one person; in the transaction that closes their account, and once more at the end. Short, and repeatable."""


TRACES = (
    Trace("privacy", privacy),
    Trace("files", files),
    Trace("notifications", rows("DELETE FROM notifications WHERE user_id = :user_id")),
    Trace("push_subscriptions", rows("DELETE FROM push_subscriptions WHERE user_id = :user_id")),
    Trace("mutes", rows("DELETE FROM mutes WHERE user_id = :user_id")),
    Trace("notification_settings", rows("DELETE FROM notification_settings WHERE user_id = :user_id")),
    Trace("outgoing_webhooks", rows("DELETE FROM outgoing_webhooks WHERE owner_id = :user_id")),
    Trace(
        "invites",
        rows("UPDATE invites SET revoked_at = now() WHERE created_by = :user_id AND revoked_at IS NULL"),
    ),
    Trace("picks", rows("UPDATE picks SET salt = NULL WHERE user_id = :user_id AND salt IS NOT NULL")),
    Trace("achievements", rows("DELETE FROM achievements WHERE user_id = :user_id")),
    Trace("ballot_salts", rows("DELETE FROM ballot_salts WHERE user_id = :user_id")),
    Trace("exports", exports),
)


async def remove_traces(session: AsyncSession, user_id: int) -> None:
    for trace in TRACES:
        await trace.remove(session, user_id)


REMOVED_ELSEWHERE = {
    "users": "emptied and renamed by Accounts.close, in the same transaction",
    "login_sessions": "ended by Accounts.close, without their addresses; EndedSessions reads that they ended",
    "mailed_proofs": "deleted by Accounts.close",
    "friendships": "ended by the worker, which tells the others",
    "messages": "as chosen: by the worker, as deletions in each conversation's order",
    "changes": "with the messages: an edit's text goes with its message, reactions are taken off",
    "api_keys": "the worker ends the bots of the account, and their keys with them",
    "incoming_webhooks": "each is a bot of somebody's, and ends with it",
    "members": "the worker leaves the groups; a chat of two stays with the other one",
}

KEPT = {
    "blocks": "who was hidden from whom stays so: what is kept of the messages must not come to light by this",
    "conversations": "who began a conversation, and the pair of a chat that the other one keeps",
    "bans": "what a group has decided",
    "reports": "what moderators have to decide on, with the evidence: by this person or about them",
    "report_resolutions": "what a moderator has decided",
    "audit_entries": "the log of such acts, which PostgreSQL lets nobody change",
    "plays": "the game's own books, which hang on a number without a name",
    "epochs": "what was committed to for those plays, without which they prove nothing",
    "rounds": "what a group has played: it stays what it was, and can be checked",
    "tallies": "the sum of the plays",
    "standings": "the same by day and week",
    "ballots": "a draw stays what it was, and can be checked",
    "ballot_submissions": "what made the ballots",
    "erasures": "the record that it was done",
}
"""Table: the reason. All of these know a number, and nothing of whose it was."""
