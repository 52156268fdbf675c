"""What an archive holds. A slice with something about people brings its part: a reader, and a line in PARTS.

A table that knows people and is neither in a part nor among the exceptions fails `tests/domain/mydata/test_parts.py`.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.chat.services import own as chat
from app.domain.game.services import Plays
from app.domain.lottery.services.ballots import Ballots
from app.domain.mydata.rules import PAGE_ROWS
from app.domain.mydata.schemas import OwnAccount, OwnFriend, OwnLogin
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.friendships import Friendships
from app.domain.social.services.privacy import Privacy
from app.domain.social.services.showing import show_blocked, show_friends


class Page(NamedTuple):
    """Some rows, each a struct that is written as a line of JSON."""

    rows: Sequence[object]
    after: Any = None
    """Where the next page begins, in the reader's own terms; None if this was the last."""
    place: int = 0
    """For a part of many files: which of them these rows belong to."""


Read = Callable[[AsyncSession, int, Any], Awaitable[Page]]
"""A page of what a person has, after the place that the page before named. The first one comes after None."""


class Part(NamedTuple):
    name: str
    """`.json` holds one object, `.jsonl` one in each line. `{}` is filled with the page's `place`."""
    tables: frozenset[str]
    read: Read


async def account(session: AsyncSession, user_id: int, _: None) -> Page:
    user = await Accounts(session=session).of_actor(user_id)
    return Page(
        [
            OwnAccount(
                id=user.id,
                username=user.username,
                email=user.email,
                email_verified_at=user.email_verified_at,
                first_name=user.first_name,
                last_name=user.last_name,
                created_at=user.created_at,
            )
        ]
    )


async def logins(session: AsyncSession, user_id: int, after: Any) -> Page:  # noqa: ANN401  see Page
    found = await Accounts(session=session).logins_of(user_id, after, PAGE_ROWS)
    rows = [
        OwnLogin(
            created_at=one.created_at,
            last_used_at=one.last_used_at,
            ended_at=one.ended_at,
            user_agent=one.user_agent,
            address=one.address,
        )
        for one in found
    ]
    return Page(rows, found[-1].id if len(found) == PAGE_ROWS else None)


async def privacy(session: AsyncSession, user_id: int, _: None) -> Page:
    return Page([(await Privacy(session=session).of([user_id]))[user_id]])


async def friends(session: AsyncSession, user_id: int, after: tuple[int, int] | None) -> Page:
    """The friends, then the requests of either side: a list after the other."""
    which, offset = after or (0, 0)
    friendships = Friendships(session=session)
    lists: tuple[tuple[Literal["friend", "requested_by_me", "requested_by_them"], Any], ...] = (
        ("friend", friendships.friends_of),
        ("requested_by_me", friendships.sent_by),
        ("requested_by_them", friendships.received_by),
    )
    relation, list_of = lists[which]
    found = await show_friends(session, await list_of(user_id, PAGE_ROWS, offset), user_id)
    rows = [OwnFriend(relation=relation, id=one.id, username=one.username, since=one.since) for one in found]
    if len(found) == PAGE_ROWS:
        return Page(rows, (which, offset + PAGE_ROWS))
    return Page(rows, (which + 1, 0) if which + 1 < len(lists) else None)


async def blocks(session: AsyncSession, user_id: int, after: int | None) -> Page:
    offset = after or 0
    found = await Blocks(session=session).list_of(user_id, PAGE_ROWS, offset)
    return Page(await show_blocked(session, found), offset + PAGE_ROWS if len(found) == PAGE_ROWS else None)


async def conversations(session: AsyncSession, user_id: int, after: int | None) -> Page:
    found = await chat.memberships(session, user_id, after or 0, PAGE_ROWS)
    return Page(found, found[-1].conversation_id if len(found) == PAGE_ROWS else None)


async def messages(session: AsyncSession, user_id: int, after: tuple[int, int] | None) -> Page:
    """One conversation after the other, each from its beginning."""
    conversation_id, number = after or (0, 0)
    rows = await chat.messages(session, user_id, conversation_id, number, PAGE_ROWS)
    if len(rows) == PAGE_ROWS:
        return Page(rows, (conversation_id, rows[-1].id), conversation_id)
    following = await chat.conversation_after(session, user_id, conversation_id)
    return Page(rows, None if following is None else (following, 0), conversation_id)


async def changes(session: AsyncSession, user_id: int, after: tuple[int, int] | None) -> Page:
    rows = await chat.changes(session, user_id, after or (0, 0), PAGE_ROWS)
    return Page(rows, (rows[-1].conversation_id, rows[-1].seq) if len(rows) == PAGE_ROWS else None)


async def plays(session: AsyncSession, user_id: int, after: int | None) -> Page:
    found = await Plays(session=session).history(user_id, PAGE_ROWS, after)
    return Page(found, found[-1].id if len(found) == PAGE_ROWS else None)


async def statistics(session: AsyncSession, user_id: int, _: None) -> Page:
    return Page([await Plays(session=session).statistics(user_id)])


async def ballots(session: AsyncSession, user_id: int, after: Any) -> Page:  # noqa: ANN401  see Page
    page = await Ballots(session=session).mine(user_id, lottery=None, day=None, before=after, limit=PAGE_ROWS)
    return Page(page.ballots, page.before)


def listed(statement: str) -> Read:
    """For a table that is read as it is: `statement` selects from beyond `:after`, a key of the first column."""
    prepared = text(statement)

    async def read(session: AsyncSession, user_id: int, after: Any) -> Page:  # noqa: ANN401  see Page
        found = (await session.execute(prepared, {"user_id": user_id, "after": after, "limit": PAGE_ROWS})).all()
        return Page([dict(row._mapping) for row in found], found[-1][0] if len(found) == PAGE_ROWS else None)  # noqa: SLF001  SQLAlchemy's name

    return read


BEYOND = "(CAST(:after AS bigint) IS NULL OR {} > :after) ORDER BY {} LIMIT :limit"
BY_ID = BEYOND.format("id", "id")
BY_CONVERSATION = BEYOND.format("conversation_id", "conversation_id")

notifications = listed(f"""
    SELECT id, kind, conversation_id, body, created_at, read_at FROM notifications
    WHERE user_id = :user_id AND listed AND {BY_ID}
""")
notification_settings = listed(f"""
    SELECT user_id, push, push_messages, dnd_from, dnd_to, zone, digest FROM notification_settings
    WHERE user_id = :user_id AND {BEYOND.format("user_id", "user_id")}
""")
mutes = listed(f"SELECT conversation_id, until FROM mutes WHERE user_id = :user_id AND {BY_CONVERSATION}")
devices = listed(f"SELECT id, created_at FROM push_subscriptions WHERE user_id = :user_id AND {BY_ID}")
files = listed("""
    SELECT id, name, media_type, size, created_at, attached_as, conversation_id, message_id FROM files
    WHERE owner_id = :user_id AND released_at IS NULL
      AND (CAST(:after AS uuid) IS NULL OR id > :after) ORDER BY id LIMIT :limit
""")
bots = listed(f"""
    SELECT id, username, first_name AS name, created_at, deactivated_at FROM users
    WHERE bot_owner_id = :user_id AND {BY_ID}
""")
webhooks = listed(f"""
    SELECT id, conversation_id, url, events, created_at FROM outgoing_webhooks WHERE owner_id = :user_id AND {BY_ID}
""")
invites = listed(f"""
    SELECT id, conversation_id, created_at, expires_at, max_uses, uses, revoked_at FROM invites
    WHERE created_by = :user_id AND {BY_ID}
""")
reports = listed(f"""
    SELECT id, kind, reported_id, conversation_id, message_id, reason, comment, created_at FROM reports
    WHERE reporter_id = :user_id AND {BY_ID}
""")

PARTS = (
    Part("account.json", frozenset({"users"}), account),
    Part("sessions.jsonl", frozenset({"login_sessions"}), logins),
    Part("privacy.json", frozenset({"privacy"}), privacy),
    Part("friends.jsonl", frozenset({"friendships"}), friends),
    Part("blocks.jsonl", frozenset({"blocks"}), blocks),
    Part("conversations.jsonl", frozenset({"conversations", "members"}), conversations),
    Part("messages/{}.jsonl", frozenset({"messages"}), messages),
    Part("changes.jsonl", frozenset({"changes"}), changes),
    Part("invites.jsonl", frozenset({"invites"}), invites),
    Part("files.jsonl", frozenset({"files", "avatars"}), files),
    Part("bots.jsonl", frozenset({"users"}), bots),
    Part("webhooks.jsonl", frozenset({"outgoing_webhooks"}), webhooks),
    Part("notifications.jsonl", frozenset({"notifications"}), notifications),
    Part("notice-settings.jsonl", frozenset({"notification_settings"}), notification_settings),
    Part("mutes.jsonl", frozenset({"mutes"}), mutes),
    Part("devices.jsonl", frozenset({"push_subscriptions"}), devices),
    Part("reports.jsonl", frozenset({"reports"}), reports),
    Part("statistics.json", frozenset({"tallies"}), statistics),
    Part("plays.jsonl", frozenset({"plays"}), plays),
    Part("ballots.jsonl", frozenset({"ballots"}), ballots),
)

NOT_EXPORTED = {
    "mailed_proofs": "digests of one-use tokens: secrets, gone within days, that say nothing about anybody",
    "ballot_submissions": "the keys of requests; the ballots that they made are exported",
    "api_keys": "digests of secrets; whose they are, the bots, are exported",
    "incoming_webhooks": "digests of secrets; the bots that they speak as are exported",
    "bans": "what groups have decided about people",
    "report_resolutions": "what moderators have decided in their office",
    "audit_entries": "the log of what was done in an office",
    "exports": "the archive itself",
    "erasures": "only of accounts that are closed",
}
"""Table: the reason."""

README = """\
Your data
=========

This archive holds what this server keeps about you: your account, and what you did. It was put together while the
server ran, so the last moments may be missing.

A file that ends with .json holds one object, one that ends with .jsonl an object in each line. Times are UTC.

account.json           who you are
sessions.jsonl         where you were logged in
privacy.json           what you chose to show
friends.jsonl          your friends, and the requests that wait
blocks.jsonl           whom you have blocked
conversations.jsonl    the conversations that you are or were in, and your role there
messages/              what you wrote, a file for each conversation. A deleted message is an empty one
changes.jsonl          your edits with their texts, your deletions and your reactions
invites.jsonl          the links into groups that you made
files.jsonl            your files, their names and sizes. The files themselves: GET /api/files
bots.jsonl             your bots
webhooks.jsonl         your outgoing webhooks
notifications.jsonl    what you were notified of
notice-settings.jsonl  what you chose to be notified of, if you chose anything
mutes.jsonl            conversations that send you no push messages
devices.jsonl          your devices that take push messages
reports.jsonl          what you reported to the moderators
statistics.json        what your plays add up to
plays.jsonl            your plays
ballots.jsonl          your ballots, their draws, and whether they won

What others wrote is not in here, not even in conversations with you: it is theirs.
"""
