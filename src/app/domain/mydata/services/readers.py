"""Reading what a person has, page by page: a reader for each part of the archive."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.chat.services import own as chat
from app.domain.game.services.epochs import Epochs
from app.domain.game.services.plays import Plays
from app.domain.lottery.services.own import OwnBallots
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


async def epochs(session: AsyncSession, user_id: int, after: int | None) -> Page:
    offset = after or 0
    found = await Epochs(session=session).list_of(user_id, PAGE_ROWS, offset)
    return Page(found, offset + PAGE_ROWS if len(found) == PAGE_ROWS else None)


async def ballots(session: AsyncSession, user_id: int, after: Any) -> Page:  # noqa: ANN401  see Page
    page = await OwnBallots(session=session).page(
        user_id, datetime.now(UTC), lottery=None, day=None, before=after, limit=PAGE_ROWS
    )
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

ballot_salts = listed(f"""
    SELECT draw_id, encode(salt, 'hex') AS salt FROM ballot_salts
    WHERE user_id = :user_id AND {BEYOND.format("draw_id", "draw_id")}
""")
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
statistics = listed("""
    SELECT game, games, wins, prize_cents, best_prize_cents, win_streak, best_win_streak, day_streak, best_day_streak,
           last_day, last_played_at
    FROM tallies
    WHERE user_id = :user_id AND (CAST(:after AS text) IS NULL OR game > :after) ORDER BY game LIMIT :limit
""")
achievements = listed("""
    SELECT name, earned_at FROM achievements
    WHERE user_id = :user_id AND (CAST(:after AS text) IS NULL OR name > :after) ORDER BY name LIMIT :limit
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
rounds = listed(f"""
    SELECT id, conversation_id, game, opened_at, closes_at, drawn_at, cancelled_at FROM rounds
    WHERE opened_by = :user_id AND {BY_ID}
""")
picks = listed(f"""
    SELECT id, round_id, move, picked_at, replaced_at, outcome, won, prize_cents, place FROM picks
    WHERE user_id = :user_id AND {BY_ID}
""")
