"""Sessions that outlive the program: what it has to keep of them, and how it learns that one is over."""

import asyncio

import pytest
from tests.parlour_client.cable import Cable
from tests.parlour_client.conftest import Enter
from tests.people import PASSWORD

from parlour_client import Client, Disconnected, LoggedOut, Person, Ready, Unreachable

pytestmark = pytest.mark.anyio
Kept = list[str | None]


@pytest.fixture
async def her(enter: Enter) -> Person:
    return (await enter("ada"))[1]


@pytest.fixture
async def kept(base_url: str, her: Person) -> Kept:
    """What a program of hers was given to keep: it has ended, and the session has not."""
    tokens: Kept = []
    async with Client(base_url, keep=tokens.append) as before:
        await before.log_in(her.username, PASSWORD)
    return tokens


async def test_a_program_that_starts_again_goes_on_with_its_session(base_url: str, her: Person, kept: Kept) -> None:
    for starts in (1, 2):
        async with Client(base_url, refresh=kept[-1], keep=kept.append) as client:
            assert await client.me() == her
        assert len(kept) == 1 + starts
    assert len(set(kept)) == 3


async def test_its_socket_can_be_the_first_that_it_opens(base_url: str, kept: Kept) -> None:
    async with Client(base_url, refresh=kept[-1], keep=kept.append) as client:
        assert isinstance(await anext(client.events()), Ready)


async def test_a_session_that_has_ended_elsewhere_is_no_longer_kept(base_url: str, her: Person, kept: Kept) -> None:
    async with Client(base_url) as other:
        await other.log_in(her.username, PASSWORD)
        for session in await other.get("/api/users/sessions"):
            if not session["current"]:
                await other.request("DELETE", f"/api/users/sessions/{session['id']}")
    async with Client(base_url, refresh=kept[-1], keep=kept.append) as client:
        with pytest.raises(LoggedOut):
            await client.me()
        with pytest.raises(LoggedOut):
            await client.subscribe(1)
    assert kept[1:] == [None]


async def test_a_token_that_was_replaced_ends_the_session_for_whoever_has_it(base_url: str, kept: Kept) -> None:
    for _ in range(2):
        async with Client(base_url, refresh=kept[-1], keep=kept.append) as client:
            await client.me()
    first, last = kept[0], kept[-1]
    async with Client(base_url, refresh=first) as thief, Client(base_url, refresh=last) as client:
        for one in (thief, client):
            with pytest.raises(LoggedOut):
                await one.me()


async def test_who_logs_out_ends_the_session_also_with_a_token_that_has_run_out(base_url: str, kept: Kept) -> None:
    async with Client(base_url, refresh=kept[-1], keep=kept.append) as client:
        await client.me()
        client._api._access = "of yesterday"  # noqa: SLF001  as time would do it
        await client.log_out()
        with pytest.raises(LoggedOut):
            await client.me()
    assert kept[-1] is None
    async with Client(base_url, refresh=kept[-2]) as client:
        with pytest.raises(LoggedOut):
            await client.me()
        await client.log_out()


async def test_a_program_that_ends_while_it_renews_keeps_the_new_token(base_url: str, her: Person, kept: Kept) -> None:
    async with Client(base_url, refresh=kept[-1], keep=kept.append) as client:
        asking = asyncio.create_task(client.me())
        while not client._api._renewal:  # noqa: SLF001  a few turns of the loop
            await asyncio.sleep(0)
    asking.cancel()
    assert len(kept) == 2
    async with Client(base_url, refresh=kept[-1], keep=kept.append) as client:
        assert await client.me() == her


async def test_who_logs_in_while_an_older_session_is_renewed_has_their_own(
    base_url: str, kept: Kept, enter: Enter
) -> None:
    _, his = await enter("ben")
    async with Client(base_url, refresh=kept[-1], keep=kept.append) as client:
        asking = asyncio.create_task(client.me())
        assert await client.log_in(his.username, PASSWORD) == his
        assert (await client.me(), (await asking).id != 0) == (his, True)


async def test_silence_is_no_end(base_url: str, cable: Cable, her: Person, kept: Kept) -> None:
    """And whoever listens for events goes on to listen."""
    async with Client(cable.url, refresh=kept[-1], keep=kept.append) as client:
        await cable.cut()
        with pytest.raises(Unreachable):
            await client.me()
        events = client.events()
        assert isinstance(await anext(events), Disconnected)
        assert len(kept) == 1
        await cable.mend()
        assert await client.me() == her
        async with asyncio.timeout(30):
            while not isinstance(await anext(events), Ready):
                pass
