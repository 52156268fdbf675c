"""Files as parts of messages."""

from uuid import UUID, uuid4

import pytest
from tests.conftest import Newcomer
from tests.domain.files.conftest import Upload
from tests.domain.files.samples import encoded, gradient

from app.domain.files.rules import NoSuchFile
from app.domain.files.schemas import Attachment
from app.domain.files.services.files import Claim, Files
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ROOM, OTHER_ROOM = 7, 8


async def claim(sessions: Sessions, *claims: Claim) -> list[list[UUID] | None]:
    async with sessions.begin() as session:
        answers = await Files(session=session).claim(claims)
    return [None if answer is None else [one.id for one in answer] for answer in answers]


async def of_messages(sessions: Sessions, *message_ids: int) -> dict[int, list[Attachment]]:
    async with sessions() as session:
        return await Files(session=session).of_messages(ROOM, message_ids)


async def test_a_message_gets_its_files_in_their_order(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    image = await upload(alice, encoded(gradient(), "PNG"), "cat.png")
    ids = [(await upload(alice)).id, image.id, (await upload(alice)).id]
    assert await claim(sessions, Claim(alice, ROOM, 1, ids[::-1])) == [ids[::-1]]
    assert [one.id for one in (await of_messages(sessions, 1, 2))[1]] == ids[::-1]
    assert (await of_messages(sessions, 1))[1][1] == Attachment(image.id, "cat.png", "image/png", image.size, 400, 200)


async def test_a_message_that_claims_again_gets_the_same(
    newcomer: Newcomer, upload: Upload, sessions: Sessions
) -> None:
    alice = await newcomer("alice")
    file = (await upload(alice)).id
    for _ in range(2):
        assert await claim(sessions, Claim(alice, ROOM, 1, [file])) == [[file]]
    assert list(await of_messages(sessions, 1, 2)) == [1]


async def test_a_file_goes_to_one_message_only(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    first, second = (await upload(alice)).id, (await upload(alice)).id
    batch = [Claim(alice, ROOM, 1, [first]), Claim(alice, ROOM, 2, [second, first]), Claim(alice, ROOM, 3, [second])]
    assert await claim(sessions, *batch) == [[first], None, [second]], "all of a claim, or nothing of it"
    assert await claim(sessions, Claim(alice, ROOM, 4, [first]), Claim(alice, OTHER_ROOM, 1, [first])) == [None, None]
    assert await claim(sessions, Claim(alice, ROOM, 1, [first, first])) == [None]


async def test_nobody_gets_what_is_not_theirs_or_not_there(
    newcomer: Newcomer, upload: Upload, sessions: Sessions
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    file = (await upload(alice)).id
    assert await claim(sessions, Claim(bob, ROOM, 1, [file]), Claim(bob, ROOM, 2, [uuid4()])) == [None, None]
    assert await claim(sessions, Claim(bob, ROOM, 3, [])) == [[]]
    assert await claim(sessions, Claim(alice, ROOM, 4, [file])) == [[file]]


async def test_what_can_be_claimed_is_known_before(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    free, taken = (await upload(alice)).id, (await upload(alice)).id
    await claim(sessions, Claim(alice, ROOM, 1, [taken]))
    async with sessions.begin() as session:
        files = Files(session=session)
        found = await files.claimable([(alice, free), (bob, free), (alice, taken), (alice, uuid4())])
        assert list(found) == [free]
        assert await files.claimable([(bob, free)]) == {}
        assert await files.claimable([]) == {}


async def test_a_file_is_read_through_its_conversation_alone(
    newcomer: Newcomer, upload: Upload, sessions: Sessions
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    file = (await upload(alice)).id
    async with sessions() as session:
        files = Files(session=session)
        assert (await files.readable(file, alice)).id == file
        with pytest.raises(NoSuchFile):
            await files.readable(file, bob)
        with pytest.raises(NoSuchFile):
            await files.of_message(ROOM, file)
    await claim(sessions, Claim(alice, ROOM, 1, [file]))
    async with sessions() as session:
        files = Files(session=session)
        assert (await files.of_message(ROOM, file)).id == file
        with pytest.raises(NoSuchFile):
            await files.of_message(OTHER_ROOM, file)
        with pytest.raises(NoSuchFile):
            await files.readable(file, bob)


async def test_the_files_of_a_deleted_message_are_gone_at_once(
    newcomer: Newcomer, upload: Upload, sessions: Sessions
) -> None:
    alice = await newcomer("alice")
    gone, stays = (await upload(alice, client_id="gone")).id, (await upload(alice)).id
    await claim(sessions, Claim(alice, ROOM, 1, [gone]), Claim(alice, ROOM, 2, [stays]))
    async with sessions.begin() as session:
        for _ in range(2):
            await Files(session=session).release(ROOM, [1, 9])
        await Files(session=session).release(OTHER_ROOM, [2])
    async with sessions() as session:
        files = Files(session=session)
        with pytest.raises(NoSuchFile):
            await files.of_message(ROOM, gone)
        with pytest.raises(NoSuchFile):
            await files.readable(gone, alice)
    assert list(await of_messages(sessions, 1, 2)) == [2]
    assert await claim(sessions, Claim(alice, ROOM, 1, [gone])) == [None]
    assert (await upload(alice, client_id="gone")).id != gone, "its name is free again"
