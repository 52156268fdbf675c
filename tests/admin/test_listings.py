"""What is shown to whom; and what is shown to nobody, and on no page."""

import re
from base64 import b64encode, urlsafe_b64encode

import pytest
from sqlalchemy import LargeBinary, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.admin.conftest import Desk
from tests.clients import Player
from tests.conftest import Newcomer, Register

from app import migrating
from app.admin.listing import REACH, is_id
from app.admin.panel import LISTINGS, readers
from app.resources import Resources

pytestmark = pytest.mark.anyio

KEYS = [str(listing.key) for listing in LISTINGS]
FOR_MODERATORS = {"users", "reports", "decided", "lotteries", "draws"}
NEVER_SHOWN = ("password_hash", "email", "client_id", "idempotency_key", "user_agent")
ROWS = 5
"""Of each listing, whose pages are looked at."""


async def everything(desk: Desk) -> dict[str, str]:
    """All pages: every listing, and its first rows."""
    pages = {"": (await desk.read("")).text}
    for key in KEYS:
        listing = pages[key] = (await desk.read(f"{key}/list")).text
        for row in re.findall(r'data-sa-pk="(\d+)"', listing)[:ROWS]:
            answer = await desk.read(f"{key}/detail?pk={row}")
            assert answer.status_code == 200, f"{key} {row}"
            pages[f"{key} {row}"] = answer.text
    return pages


async def something_of_everything(ada: Player, ben: Player) -> None:
    conversation = await ada.talk_to(ben)
    for words in ("what nobody else may read", "a second thing"):
        await ada.http.post(f"/api/chat/conversations/{conversation}/messages", json={"message": words})
    await ada.http.post("/api/game/play", json={"number": 842})
    await ada.http.post("/api/games/dice/plays", json={"move": {"face": 3}})
    await ada.http.post("/api/lottery/ballots", json={})
    await ada.http.post("/api/reports", json={"kind": "user", "user_id": ben.id, "reason": "spam"})


@pytest.mark.parametrize("key", KEYS)
async def test_each_listing_is_for_those_whom_the_api_shows_it(mia: Desk, sue: Desk, key: str) -> None:
    assert (await sue.read(f"{key}/list")).status_code == 200
    expected = 200 if key in FOR_MODERATORS else 403
    assert (await mia.read(f"{key}/list")).status_code == expected
    assert (await mia.read(f"{key}/detail?pk=1")).status_code in ({200, 404} if expected == 200 else {403})
    assert (f"/admin/{key}/list" in (await mia.read("")).text) == (expected == 200)


async def test_nothing_secret_is_on_any_page(zoe: Desk, player: Register, database: AsyncEngine) -> None:
    await something_of_everything(await player("ada"), await player("ben"))

    pages = await everything(zoe)

    assert set(KEYS) - {"decided"} <= {page.partition(" ")[0] for page in pages if " " in page}
    together = "\n".join(pages.values())
    for secret in await secrets_in(database):
        assert secret not in together
    assert "what nobody else may read" not in together


async def secrets_in(database: AsyncEngine) -> set[str]:
    """Every digest, seed, salt and key there is, however one might write it; and what people call their requests."""
    found: set[str] = set()
    async with database.connect() as connection:
        for table in migrating.metadata().sorted_tables:
            for column in table.columns:
                if not (isinstance(column.type, LargeBinary) or column.name in NEVER_SHOWN):
                    continue
                for value in await connection.scalars(select(column).where(column.is_not(None)).limit(500)):
                    found |= as_written(value)
    # Shorter ones may be words, and nonces of nothing but noughts, which other tests choose, are on many pages.
    return {secret for secret in found if (len(secret) >= 20 and len(set(secret)) > 1) or "@" in secret}


def as_written(value: object) -> set[str]:
    if isinstance(value, bytes):
        return {value.hex(), b64encode(value).decode().rstrip("="), urlsafe_b64encode(value).decode().rstrip("=")}
    return {str(value)}


async def test_nothing_on_any_page_comes_from_elsewhere(
    zoe: Desk, member: Desk, player: Register, base_url: str
) -> None:
    await something_of_everything(await player("ada"), await player("ben"))
    pages = await everything(zoe)
    pages["login"] = (await member.read("login")).text
    for name, page in pages.items():
        for target in re.findall(r"""(?:src|href|action|url\()\s*=?\s*["'(]?((?:https?:)?//[^"'\s)]+)""", page):
            assert target.startswith(f"{base_url}/"), f"{name}: {target}"
        assert "@import" not in page, name


async def test_only_scripts_with_the_nonce_of_the_answer_are_on_a_page(zoe: Desk) -> None:
    seen = set()
    for path in ("", "users/list", f"users/detail?pk={zoe.who.id}", "no/such/page", "audit/list"):
        answer = await zoe.read(path)
        policy = answer.headers.get_list("content-security-policy")
        assert len(policy) == 1
        nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", policy[0])
        assert nonce, path
        inline = [one for one in re.findall(r"<script([^>]*)>", answer.text) if "src=" not in one]
        assert inline
        assert all(f'nonce="{nonce[1]}"' in one for one in inline), path
        assert not re.search(r'\son[a-z]+="', answer.text), path
        assert answer.headers["cache-control"] == "no-store"
        seen.add(nonce[1])
    assert len(seen) == 5


ODD = (
    ["?q=%00", "?q=%25", "?q=user:1", "?q=9" + "9" * 30, "?q=%FF", "?page=9" + "9" * 30, f"?page={REACH}", "?page=-1"],
    ["?sort=email__asc", "?sort=id__asc", "?filter=id__eq__1", "?page_size=-1", "?page_size=9", "?cols=password_hash"],
)


@pytest.mark.parametrize("key", KEYS)
async def test_whatever_is_asked_is_answered(sue: Desk, key: str) -> None:
    for query in (*ODD[0], *ODD[1]):
        assert (await sue.read(f"{key}/list{query}")).status_code in {200, 400}, query


async def test_a_row_that_is_not_there_is_not_found(sue: Desk) -> None:
    for key in KEYS:
        for row in ("", "0", "-1", "x", "1,2", "9" * 30, "%00", "1.5"):
            assert (await sue.read(f"{key}/detail?pk={row}")).status_code == 404, f"{key} {row}"


async def test_a_page_that_starlette_admin_would_have_is_not_there(zoe: Desk) -> None:
    for path in ("users/create", "users/edit?pk=1", "_api/users/relation-lookup", "_api/users/inline-edit?pk=1"):
        assert (await zoe.read(path)).status_code == 404


async def test_what_starlette_admin_would_do_is_refused(zoe: Desk, player: Register) -> None:
    ben = await player("ben")
    for name in ("delete", "edit", "export", "row_action_3_delete", ""):
        assert (await zoe.act("users", name, ben.id)).status_code == 400
        assert (await zoe.act("users", name)).status_code == 400
    assert (await ben.http.get("/api/users/profile")).status_code == 200


async def test_what_starlette_admin_is_given_cannot_write(resources: Resources, newcomer: Newcomer) -> None:
    ben = await newcomer("ben")
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with readers(resources)() as session:
            await session.execute(text("UPDATE users SET is_superuser = true WHERE id = :id"), {"id": ben})


async def test_people_are_found_by_how_their_name_begins(sue: Desk, player: Register) -> None:
    ben = await player("ben")
    found = (await sue.read(f"users/list?q={ben.username[:-2].upper()}")).text
    assert ben.username in found
    assert sue.who.username not in re.sub(r"(?s)^.*<tbody>", "", found)


async def test_plays_are_found_by_their_player_and_the_log_by_what_it_is_about(sue: Desk, player: Register) -> None:
    ben = await player("ben")
    await ben.http.post("/api/game/play", json={"number": 842})
    plays = (await sue.read(f"plays/list?q={ben.username}")).text
    assert "number 842" in plays
    assert "421.00" in plays
    assert plays.count("data-sa-pk") == 1
    log = (await sue.read(f"audit/list?q=user:{sue.who.id}")).text
    assert "appoint_user" in log
    assert log.count("data-sa-pk") == 1


def test_an_id_is_a_number_that_a_row_could_have() -> None:
    assert is_id("1")
    assert not any(is_id(one) for one in (None, "", "-1", "1.0", "x", "9" * 19, "\u0661"))
