"""Fills a server with the community. Doing it again changes nothing: everything has a name of its own."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from app.cli.seeds import pictures
from app.cli.seeds.community import BALLOTS, CHATS, FRIENDS, PASSWORD, PEOPLE, PLAYS, Chat, Said
from app.days import today
from app.domain.accounts.hashing import Passwords
from app.domain.accounts.services import Accounts
from app.domain.chat.schemas.entries import Draft, Entry, Reaction, Share
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.messages import Messages
from app.domain.chat.services.reading import mark_read
from app.domain.files.services.avatars import Avatars
from app.domain.files.services.intake import Intake
from app.domain.files.services.shelf import Shelf
from app.domain.files.services.store import FileStore
from app.domain.game.games.number import NumberMove, game
from app.domain.game.services.plays import Plays
from app.domain.game.services.sharing import card_of
from app.domain.game.services.submitting import entry_of
from app.domain.lottery.schemas import SubmitBallots
from app.domain.lottery.services.ballots import Ballots
from app.domain.social.services.friendships import Friendships
from app.resources import Resources

People = Mapping[str, int]
"""Their ids by their usernames."""


async def fill(resources: Resources) -> People:
    ids = await register(resources)
    await show_faces(resources, ids)
    await befriend(resources, ids)
    await play(resources, ids)
    for chat in CHATS:
        await talk(resources, ids, await gather(resources, ids, chat), chat.talk)
    await enter_draw(resources, ids, datetime.now(UTC), "seed")
    return ids


async def register(resources: Resources) -> People:
    ids, passwords = {}, Passwords(resources.settings)
    for username, someone in PEOPLE.items():
        password_hash = await passwords.hash(PASSWORD)
        async with resources.sessions.begin() as session:
            accounts = Accounts(session=session)
            person = await accounts.find_by_username(username) or await accounts.register(
                username=username,
                email=f"{username}@example.org",
                password_hash=password_hash,
                first_name=someone.first_name,
                last_name=someone.last_name,
            )
            ids[username] = person.id
    passwords.close()
    return ids


async def show_faces(resources: Resources, ids: People) -> None:
    for username, someone in PEOPLE.items():
        file_id = await upload(resources, ids[username], "portrait.png", pictures.portrait(someone))
        async with resources.sessions.begin() as session:
            await Avatars(session=session).choose(ids[username], file_id)


async def upload(resources: Resources, owner_id: int, name: str, content: bytes) -> UUID:
    settings = resources.settings
    store = FileStore.of(settings)
    intake = Intake(store, limit=settings.file_limit_bytes)
    async with (
        intake.shelve(owner_id, name, len(content), pieces(content)) as shelved,
        resources.sessions.begin() as session,
    ):
        file = await Shelf(session=session).record(owner_id, f"seed-{name}", shelved, settings.file_quota_bytes)
    if file.key != shelved.key:
        await store.remove([shelved.key])
    return file.id


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def befriend(resources: Resources, ids: People) -> None:
    async with resources.sessions.begin() as session:
        friendships = Friendships(session=session)
        for one, other in FRIENDS:
            if not await friendships.are_friends(ids[one], ids[other]):
                await friendships.request(ids[one], ids[other])
                await friendships.accept(ids[other], ids[one])


async def play(resources: Resources, ids: People) -> None:
    settings = resources.settings
    entries = [
        entry_of(ids[one], game, NumberMove(number=number), f"seed-{number}")
        for one, numbers in PLAYS.items()
        for number in numbers
    ]
    now = datetime.now(UTC)
    async with resources.sessions.begin() as session:
        await Plays(session=session).record(
            entries, now, today(now, settings.zone_of_days), secret=settings.seed_secret
        )


async def gather(resources: Resources, ids: People, wanted: Chat) -> int:
    members = [ids[one] for one in wanted.members]
    async with resources.sessions.begin() as session:
        conversations = Conversations(session=session)
        if wanted.name is None:
            direct, _ = await conversations.open_direct(*members)
            return direct.id
        theirs = await conversations.list_of(members[0], limit=100, offset=0)
        group = next((one for one in theirs if one.name == wanted.name), None)
        if group is None:
            group = await conversations.open_group(members[0], members, wanted.name, wanted.topic, joinable=True)
        return group.id


async def talk(resources: Resources, ids: People, conversation_id: int, lines: Sequence[Said]) -> None:
    """One by one, straight into PostgreSQL: the row that numbers come from is locked, as it is for a worker."""
    said: list[int] = []
    for n, line in enumerate(lines):
        entry = await written(resources, ids, conversation_id, f"seed-{n}", line)
        entry.reply_to = None if line.answers is None else said[line.answers]
        said.append(await record(resources, entry))
        for emoji, people in line.reactions.items():
            for one in people:
                await record(resources, Reaction(conversation_id, ids[one], f"seed-{n}", said[n], emoji, on=True))
    last_words = {line.who: number for line, number in zip(lines, said, strict=True)}
    async with resources.sessions.begin() as session:
        for who, number in last_words.items():  # Who speaks has read what was said before.
            await mark_read(session, conversation_id, ids[who], number)


async def written(resources: Resources, ids: People, conversation_id: int, name: str, line: Said) -> Draft:
    sender_id = ids[line.who]
    if line.played:
        async with resources.sessions() as session:
            card = card_of(await Plays(session=session).by_key(sender_id, f"seed-{line.played}"))
        return Share(conversation_id, sender_id, name, line.text, card=card)
    photos = [("lake.png", pictures.lake())] if line.has_photo else []
    files = [await upload(resources, sender_id, photo, content) for photo, content in photos]
    return Draft(conversation_id, sender_id, name, line.text, files=files)


async def record(resources: Resources, entry: Entry) -> int:
    """Answers with the message's number. Raises whatever refuses it."""
    async with resources.sessions.begin() as session:
        [outcome] = await Messages(session=session).record([msgspec.msgpack.encode(entry)])
    if outcome.fact is None:
        raise outcome.refusal or AssertionError
    return outcome.fact.message_id


async def enter_draw(resources: Resources, ids: People, now: datetime, key: str) -> None:
    """The draw that takes ballots then. Under the same key, once."""
    for username, count in BALLOTS.items():
        async with resources.sessions.begin() as session:
            await Ballots(session=session).submit(
                ids[username],
                SubmitBallots(count=count),
                key=key,
                settings=resources.settings,
                now=now,
            )
