"""People's pictures of themselves."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.conftest import Newcomer
from tests.domain.files.conftest import Upload
from tests.domain.files.samples import encoded, gradient

from app.domain.files.models import File
from app.domain.files.rules import FileInUse, NoSuchFile, NotAnImage
from app.domain.files.services.avatars import Avatars
from app.domain.files.services.files import Claim, Files
from app.domain.social.services.blocks import Blocks
from app.resources import Sessions

pytestmark = pytest.mark.anyio
CAT = encoded(gradient(), "PNG")


async def choose(sessions: Sessions, user_id: int, file_id: UUID) -> None:
    async with sessions.begin() as session:
        await Avatars(session).choose(user_id, file_id)


async def test_an_avatar_is_for_everybody_to_see(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    file = (await upload(alice, CAT, "cat.png")).id
    for _ in range(2):
        await choose(sessions, alice, file)
    async with sessions() as session:
        assert (await Files(session=session).readable(file, bob)).id == file
        assert (await Avatars(session).of_user(alice, alice)).id == file
        with pytest.raises(NoSuchFile):
            await Avatars(session).of_user(bob, alice)


async def test_a_new_avatar_takes_the_place_of_the_old(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    old, new = (await upload(alice, CAT)).id, (await upload(alice, CAT)).id
    await choose(sessions, alice, old)
    await choose(sessions, alice, new)
    async with sessions() as session:
        assert (await Avatars(session).of_user(alice, alice)).id == new
        with pytest.raises(NoSuchFile):
            await Files(session=session).readable(old, bob)


async def test_of_two_chosen_at_once_one_remains(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    files = [(await upload(alice, CAT)).id for _ in range(4)]
    await asyncio.gather(*(choose(sessions, alice, file) for file in files))
    async with sessions() as session:
        shown = await session.scalars(select(File.id).where(File.attached_as == "avatar", File.released_at.is_(None)))
        assert list(shown) == [(await Avatars(session).of_user(alice, alice)).id]


async def test_an_avatar_is_dropped_once(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    file = (await upload(alice, CAT)).id
    await choose(sessions, alice, file)
    async with sessions.begin() as session:
        for _ in range(2):
            await Avatars(session).drop(alice)
        with pytest.raises(NoSuchFile):
            await Avatars(session).of_user(alice, alice)
        with pytest.raises(NoSuchFile):
            await Files(session=session).readable(file, alice)


async def test_an_avatar_is_an_image_of_ones_own_that_is_nothing_else(
    newcomer: Newcomer, upload: Upload, sessions: Sessions
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    report, theirs, sent = (
        (await upload(alice)).id,
        (await upload(bob, CAT)).id,
        (await upload(alice, CAT)).id,
    )
    async with sessions.begin() as session:
        await Files(session=session).claim([Claim(alice, 7, 1, [sent])])
    for file, refusal in ((report, NotAnImage), (theirs, NoSuchFile), (sent, FileInUse)):
        with pytest.raises(refusal):
            await choose(sessions, alice, file)


async def test_a_groups_avatar_is_not_its_owners(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    file = (await upload(alice, CAT)).id
    async with sessions.begin() as session:
        files = Files(session=session)
        for _ in range(2):
            assert (await files.claim_avatar(alice, file, conversation_id=7)).id == file
        assert (await files.of_group(7, file)).id == file
        for away in (files.readable(file, bob), files.of_group(8, file)):
            with pytest.raises(NoSuchFile):
                await away
        with pytest.raises(FileInUse):
            await files.claim_avatar(alice, file, conversation_id=8)
    with pytest.raises(FileInUse):
        await choose(sessions, alice, file)
    async with sessions.begin() as session:
        await Files(session=session).release_avatar(file)
        with pytest.raises(NoSuchFile):
            await Files(session=session).of_group(7, file)


async def test_a_block_hides_avatars_both_ways(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    hers, groups = (await upload(alice, CAT)).id, (await upload(alice, CAT)).id
    await choose(sessions, alice, hers)
    await choose(sessions, bob, (await upload(bob, CAT)).id)
    async with sessions.begin() as session:
        await Files(session=session).claim_avatar(alice, groups, conversation_id=7)
        await Blocks(session=session).block(alice, bob)
        avatars, files = Avatars(session), Files(session=session)
        for user_id, reader_id in ((alice, bob), (bob, alice)):
            with pytest.raises(NoSuchFile):
                await avatars.of_user(user_id, reader_id)
        with pytest.raises(NoSuchFile):
            await files.readable(hers, bob)
        assert (await files.of_group(7, groups)).id == groups
        assert (await avatars.of_user(alice, alice)).id == hers
