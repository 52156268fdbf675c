"""What is found is what a reader of everything would have found, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.conftest import Newcomer
from tests.domain.search.conftest import Find, Group, Index, Record, edit, say, texts

from app.domain.chat.rules import NotAMember
from app.domain.chat.schemas.entries import Deletion, Draft, Entry
from app.domain.chat.services.members import Members
from app.domain.search.rules.folding import fold
from app.domain.search.rules.limits import QueryTooShort, SearchTooSlow
from app.domain.search.rules.places import Place
from app.domain.search.rules.queries import Query, Search
from app.domain.search.services import finding
from app.domain.social.services.blocks import Blocks
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ALICE, BOB, CARA = 1, 2, 3
NOW = datetime.now(UTC)

WORDS = [
    "the",
    "then",
    "THE",
    "п’ять",
    "П'ЯТЬ",
    "їжак",
    "東京",
    "京都",
    "中",
    "中文字",
    "กิน",
    "กินข้าว",
    "한국",
    "한",
    "👍",
    "été",
]
LOOKED_FOR = [*WORDS, "he", "th", "ять", "京", "字", "ข้", "国", '"the then"', "the 中", "nothing"]


class Said(NamedTuple):
    conversation_id: int
    number: int
    sender_id: int
    sent_at: datetime
    content: str


message = st.tuples(
    st.integers(0, 1),
    st.sampled_from([ALICE, BOB]),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
    st.sampled_from([0, 1, 50, 4_000, 100_000, 4_000_000, 90_000_000]),
)


@pytest.fixture
async def talks(conversation: int, group: Group) -> list[int]:
    """The chat of alice and bob, and a group of the two."""
    return [conversation, await group(ALICE, BOB)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    talk=st.lists(message, min_size=1, max_size=25),
    edited=st.lists(st.integers(0, 24), max_size=3),
    deleted=st.lists(st.integers(0, 24), max_size=3),
    typed=st.sampled_from(LOOKED_FOR),
    limit=st.integers(1, 5),
    narrowed=st.fixed_dictionaries(
        {},
        optional={
            "sender_id": st.sampled_from([ALICE, BOB]),
            "talk": st.integers(0, 1),
            "since": st.timedeltas(timedelta(0), timedelta(days=2000)),
            "until": st.timedeltas(timedelta(0), timedelta(days=2000)),
        },
    ),
)
async def test_all_pages_together_are_what_a_reader_of_everything_finds(
    talk: list[tuple[int, int, str, int]],
    edited: list[int],
    deleted: list[int],
    typed: str,
    limit: int,
    narrowed: dict[str, object],
    talks: list[int],
    sessions: Sessions,
    record: Record,
    index: Index,
    search: Find,
) -> None:
    async with sessions.begin() as session:
        for table in ("messages", "changes", "search_entries", "search_positions"):
            await session.execute(text(f"DELETE FROM {table}"))
        await session.execute(text("UPDATE conversations SET last_seq = 0"))
    said = [(talks[one], sender, content) for one, sender, content, _ in talk]
    await record(*[Draft(one, sender, f"m{n}", content) for n, (one, sender, content) in enumerate(said)])
    await grow_old(sessions, [pause for *_, pause in talk])
    await index()
    changes: list[Entry] = []
    places = await everything(sessions)
    for n in edited:
        one = places[n % len(places)]
        changes.append(edit(one.conversation_id, one.sender_id, one.number, f"{WORDS[n % len(WORDS)]} {n}"))
    changes += [
        Deletion(one.conversation_id, one.sender_id, f"d{one.number}", one.number)
        for one in {places[n % len(places)] for n in deleted}
    ]
    await record(*changes)

    where = dict(narrowed)
    if "talk" in where:
        where["conversation_id"] = talks[int(str(where.pop("talk")))]
    for bound in ("since", "until"):
        if isinstance(back := where.get(bound), timedelta):
            where[bound] = NOW - back
    expected = [one for one in await everything(sessions) if matches(one, typed, where)]
    stale = [(hit.conversation_id, hit.message.id) for hit in (await search(ALICE, typed, **where)).hits]
    assert set(stale) <= {(one.conversation_id, one.number) for one in expected}, "found by what it no longer says"
    await index()

    found: list[tuple[int, int]] = []
    before = None
    while True:
        page = await search(ALICE, typed, limit, **where, before=before)
        found += [(hit.conversation_id, hit.message.id) for hit in page.hits]
        assert all(hit.highlights for hit in page.hits)
        if page.next is None:
            break
        assert len(page.hits) == limit
        before = Place.read(page.next)
    assert found == [(one.conversation_id, one.number) for one in expected]


def matches(one: Said, typed: str, where: dict[str, object]) -> bool:
    """What the server promises, without an index."""
    terms = [fold(typed.strip('"'))] if typed.startswith('"') else fold(typed).split()
    since, until = where.get("since", one.sent_at), where.get("until", NOW)
    assert isinstance(since, datetime)
    assert isinstance(until, datetime)
    return (
        all(term in fold(one.content) for term in terms)
        and where.get("sender_id", one.sender_id) == one.sender_id
        and where.get("conversation_id", one.conversation_id) == one.conversation_id
        and since <= one.sent_at < until
    )


async def grow_old(sessions: Sessions, pauses: list[int]) -> None:
    """Spread over the years, back from the second before NOW; those without a pause are of one and the same time."""
    async with sessions.begin() as session:
        rows = await session.execute(text("SELECT conversation_id, seq FROM messages ORDER BY seq, conversation_id"))
        sent_at = NOW - timedelta(seconds=1)
        for (conversation_id, seq), pause in zip(reversed(rows.all()), pauses, strict=True):
            move = text("UPDATE messages SET sent_at = :at WHERE conversation_id = :conversation AND seq = :seq")
            await session.execute(move, {"at": sent_at, "conversation": conversation_id, "seq": seq})
            sent_at -= timedelta(seconds=pause)


async def everything(sessions: Sessions) -> list[Said]:
    """The newest first."""
    async with sessions() as session:
        rows = await session.execute(
            text("""
                SELECT conversation_id, seq, sender_id, sent_at, content FROM messages WHERE deleted_at IS NULL
                ORDER BY sent_at DESC, conversation_id DESC, seq DESC
            """)
        )
        return [Said(*row) for row in rows]


async def test_only_members_find_what_is_said(
    group: Group, newcomer: Newcomer, sessions: Sessions, record: Record, index: Index, search: Find
) -> None:
    for name in ("alice", "bob", "cara"):
        await newcomer(name)
    ours, theirs = await group(ALICE, BOB), await group(BOB, CARA)
    await record(*say(ours, BOB, "to alice"), *say(theirs, BOB, "to cara"))
    await index()
    assert texts(await search(ALICE, "to")) == ["to alice"]
    assert texts(await search(BOB, "to")) == ["to cara", "to alice"]
    with pytest.raises(NotAMember):
        await search(ALICE, "to", conversation_id=theirs)
    with pytest.raises(NotAMember):
        await search(ALICE, "to", conversation_id=10**9)
    assert texts(await search(99, "to")) == []
    async with sessions.begin() as session:
        await Members(session=session).leave(ours, ALICE)
    assert texts(await search(ALICE, "to")) == []


async def test_who_joins_later_finds_what_was_said_before(
    group: Group, newcomer: Newcomer, sessions: Sessions, record: Record, index: Index, search: Find
) -> None:
    for name in ("alice", "bob"):
        await newcomer(name)
    ours = await group(ALICE)
    await record(*say(ours, ALICE, "long ago"))
    await index()
    async with sessions.begin() as session:
        await session.execute(text("UPDATE conversations SET joinable = true"))
        await Members(session=session).join(ours, BOB)
    assert texts(await search(BOB, "long ago")) == ["long ago"]


async def test_while_a_block_stands_neither_of_the_two_finds_the_other(
    conversation: int, group: Group, newcomer: Newcomer, sessions: Sessions, record: Record, index: Index, search: Find
) -> None:
    await newcomer("cara")
    ours = await group(ALICE, BOB, CARA)
    await record(
        *say(ours, ALICE, "words of alice"), *say(ours, BOB, "words of bob"), *say(ours, CARA, "words of cara")
    )
    await record(*say(conversation, BOB, "words in private"))
    await index()
    async with sessions.begin() as session:
        await Blocks(session=session).block(ALICE, BOB)
    assert texts(await search(ALICE, "words")) == ["words of cara", "words of alice"]
    assert texts(await search(BOB, "words")) == ["words in private", "words of cara", "words of bob"]
    assert len(texts(await search(CARA, "words"))) == 3
    async with sessions.begin() as session:
        await Blocks(session=session).unblock(ALICE, BOB)
    assert len(texts(await search(ALICE, "words"))) == 4


async def test_a_page_is_full_though_the_newest_candidates_are_withheld_or_do_not_match(
    group: Group, newcomer: Newcomer, sessions: Sessions, record: Record, index: Index, search: Find
) -> None:
    for name in ("alice", "bob"):
        await newcomer(name)
    ours = await group(ALICE, BOB)
    await record(*say(ours, ALICE, "abc bcd 1", "abc bcd 2", "abcd 3", "abcd 4", "abcd 5"))
    await record(*say(ours, ALICE, *[f"abc bcd {n}" for n in range(10, 30)]), *say(ours, BOB, "abcd", "abcd of bob"))
    await index()
    async with sessions.begin() as session:
        await Blocks(session=session).block(ALICE, BOB)
    page = await search(ALICE, "abcd", limit=2)
    assert texts(page) == ["abcd 5", "abcd 4"]
    assert page.next is not None
    assert texts(await search(ALICE, "abcd", limit=2, before=Place.read(page.next))) == ["abcd 3"]


async def test_an_entry_without_a_message_hides_none_that_comes_after(
    conversation: int, sessions: Sessions, record: Record, index: Index, search: Find
) -> None:
    """Retention removes messages without telling the index."""
    await record(*say(conversation, ALICE, *[f"words {n}" for n in range(6)]))
    await index()
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM messages WHERE seq > 2"))
    assert texts(await search(ALICE, "words", limit=2)) == ["words 1", "words 0"]


async def test_a_message_of_years_ago_is_found(
    conversation: int, sessions: Sessions, record: Record, index: Index, search: Find
) -> None:
    await record(*say(conversation, ALICE, "at the beginning"))
    async with sessions.begin() as session:
        await session.execute(text("UPDATE messages SET sent_at = '1990-01-01Z'"))
    await index()
    assert texts(await search(BOB, "beginning")) == ["at the beginning"]
    for nothing in (
        {"since": NOW},
        {"until": datetime(1980, 1, 1, tzinfo=UTC)},
        {"until": datetime(1, 1, 2, tzinfo=UTC)},
    ):
        assert texts(await search(BOB, "beginning", **nothing)) == []
    assert texts(await search(BOB, "beginning", since=datetime(1, 1, 2, tzinfo=UTC))) == ["at the beginning"]


async def test_what_takes_too_long_is_given_up(
    conversation: int, record: Record, index: Index, search: Find, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    await record(*say(conversation, ALICE, "words"))
    await index()
    monkeypatch.setattr(finding, "SEARCH_SECONDS", 0.0)
    with pytest.raises(SearchTooSlow):
        await search(ALICE, "words")


async def test_a_statement_that_takes_too_long_is_given_up(
    conversation: int, record: Record, index: Index, search: Find, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "STATEMENT_MS", 50)
    async with sessions.begin() as session:
        await session.execute(text("LOCK search_entries"))
        with pytest.raises(SearchTooSlow):
            await search(ALICE, "words")


async def test_two_conversations_may_share_a_token(
    group: Group, newcomer: Newcomer, sessions: Sessions, record: Record, index: Index, search: Find
) -> None:
    """Tokens are 32 bits. What the index takes for this conversation may be of another."""
    await newcomer("alice")
    ours, other = await group(ALICE), await group(ALICE)
    await record(*say(ours, ALICE, "words here"), *say(other, ALICE, "words there"))
    await index()
    async with sessions.begin() as session:
        every = "SELECT array_agg(DISTINCT token) FROM search_entries, unnest(tokens) AS token"
        await session.execute(text(f"UPDATE search_entries SET tokens = ({every})"))
    assert texts(await search(ALICE, "here", conversation_id=ours)) == ["words here"]
    assert texts(await search(ALICE, "words", conversation_id=other)) == ["words there"]


def test_a_search_needs_something_to_look_for() -> None:
    with pytest.raises(QueryTooShort):
        Search(query=Query.read("a"))
