"""Dealers and beacons over HTTP."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient, Response
from litestar import Litestar
from tests.domain.lottery.table import BEFORE_ROUND_1000, MARGIN, ROUND_1000, Table, hand_of

from app.asgi import constant
from app.bodies import StrictRequest
from app.domain.accounts.guards import Doorkeeper
from app.domain.lottery.controllers.dealers import DealerController
from app.domain.lottery.controllers.dealing import DealingController
from app.domain.lottery.controllers.draws import DrawController
from app.domain.lottery.services.beacons import BeaconCheck
from app.fairdraw.dealing import Hand
from app.fairdraw.levels import LEVELS
from app.problems import PROBLEM_JSON, exception_handlers
from app.ratelimits import RateLimits
from app.resources import Resources

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

ALICE = hand_of("alice")
LOTTERY = "/api/lottery/lotteries/daily"
DRAWS = "/api/lottery/draws/daily"


@pytest.fixture(scope="module")
def app(resources: Resources, doorkeeper: Doorkeeper) -> Litestar:
    settings = resources.settings
    return Litestar(
        [DrawController, DealerController, DealingController],
        dependencies={
            "sessions": constant(resources.sessions),
            "settings": constant(settings),
            "limits": constant(RateLimits(settings, resources.redis)),
            "beacon_check": constant(BeaconCheck()),
        },
        exception_handlers=exception_handlers,
        request_class=StrictRequest,
        on_app_init=[doorkeeper.http_auth().on_app_init],
    )


@pytest.fixture
async def guest(app: Litestar, world: "World") -> AsyncIterator[AsyncClient]:
    await world.reconcile()
    async with AsyncClient(transport=ASGITransport(cast("Any", app)), base_url="http://parlour.test") as client:
        yield client


@pytest.fixture
async def officer(guest: AsyncClient, doorkeeper: Doorkeeper, world: "World") -> dict[str, str]:
    """The headers of somebody on the staff."""
    linus = await world.join("linus")
    await world.run("UPDATE users SET is_staff = true WHERE username = 'linus'")
    linus.is_staff = True
    return {"Authorization": f"Bearer {doorkeeper.tokens.issue(linus, uuid4())}"}


def problem(response: Response, status: HTTPStatus) -> str:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM_JSON
    return str(response.json()["code"])


def commitment(hand: Hand, number: int) -> dict[str, str]:
    return {"commitment": hand.commitment(number).hex(), "signature": hand.signature(number).hex()}


async def test_staff_add_and_remove_dealers_and_everybody_sees_them(
    guest: AsyncClient, officer: dict[str, str]
) -> None:
    body = {"name": "alice", "public_key": ALICE.public.hex()}
    added = await guest.post(f"{LOTTERY}/dealers", json=body, headers=officer)
    assert added.status_code == HTTPStatus.CREATED, added.text
    shown = (await guest.get(f"{LOTTERY}/dealers")).json()
    assert shown == added.json()
    assert (shown["level"], shown["level_proves"], shown["coming"]) == (1, LEVELS[1].proves, 2)
    assert [(one["name"], one["public_key"]) for one in shown["dealers"]] == [("alice", ALICE.public.hex())]
    other = body | {"public_key": hand_of("bob").public.hex()}
    again = await guest.post(f"{LOTTERY}/dealers", json=other, headers=officer)
    assert problem(again, HTTPStatus.CONFLICT) == "dealer_exists"
    removed = await guest.delete(f"{LOTTERY}/dealers/alice", headers=officer)
    assert (removed.status_code, removed.json()["level"]) == (HTTPStatus.OK, 0)
    assert removed.json()["dealers"][0]["removed_at"]
    assert (await guest.get(f"{LOTTERY}/dealers", params={"offset": 1})).json()["dealers"] == []
    nobody = await guest.delete(f"{LOTTERY}/dealers/bob", headers=officer)
    assert problem(nobody, HTTPStatus.NOT_FOUND) == "no_such_dealer"


async def test_staff_declare_a_beacon_and_drop_it(guest: AsyncClient, officer: dict[str, str]) -> None:
    for body, margin in (({}, 120), ({"margin": 60}, 60)):
        declared = await guest.put(f"{LOTTERY}/beacon", json=body, headers=officer)
        assert (declared.json()["beacon"]["margin"], declared.json()["level"]) == (margin, 2)
    for bad in (9, 86401, "60"):
        refused = await guest.put(f"{LOTTERY}/beacon", json={"margin": bad}, headers=officer)
        problem(refused, HTTPStatus.BAD_REQUEST)
    dropped = await guest.delete(f"{LOTTERY}/beacon", headers=officer)
    assert (dropped.json()["beacon"], dropped.json()["level"]) == (None, 0)


async def test_a_dealer_needs_no_account(guest: AsyncClient, world: "World") -> None:
    table = Table(world)
    await table.seat("alice")
    path = f"{DRAWS}/2/dealers/alice"
    for _ in range(2):
        handed_in = await guest.post(f"{path}/commitment", json=commitment(ALICE, 2))
        assert (handed_in.status_code, handed_in.json()["state"]) == (HTTPStatus.OK, "committed")
    early = await guest.post(f"{path}/reveal", json={"secret": ALICE.secret(2).hex()})
    assert problem(early, HTTPStatus.CONFLICT) == "draw_not_closed_yet"
    for _ in range(2):
        world.now = (await table.draw(1)).closes_at if world.now < world.midnight else (await table.draw(2)).closes_at
        await world.reconcile()
    assert (await guest.get(f"{DRAWS}/2")).json()["waiting_for"] == ["dealer alice"]
    wrong = await guest.post(f"{path}/reveal", json={"secret": "00" * 32})
    assert problem(wrong, HTTPStatus.UNPROCESSABLE_ENTITY) == "secret_does_not_fit"
    for _ in range(2):
        revealed = await guest.post(f"{path}/reveal", json={"secret": ALICE.secret(2).hex()})
        assert (revealed.status_code, revealed.json()["state"]) == (HTTPStatus.OK, "revealed")
    [shown] = (await guest.get(f"{DRAWS}/2/dealers")).json()
    assert (shown["dealer"], shown["state"], shown["commitment"]) == ("alice", "revealed", ALICE.commitment(2).hex())
    assert ALICE.secret(2).hex() not in str(shown), "no dealer needs to know it before the draw"
    world.wait(minutes=1)
    await world.reconcile()
    assert (await guest.get(f"{DRAWS}/2")).json()["waiting_for"] == []


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("2/dealers/alice/commitment", commitment(ALICE, 3), 422, "commitment_not_signed"),
        ("1/dealers/alice/commitment", commitment(ALICE, 1), 409, "draw_opened"),
        ("99999/dealers/alice/commitment", commitment(ALICE, 99999), 422, "draw_too_far_ahead"),
        ("2/dealers/bob/commitment", commitment(ALICE, 2), 404, "no_such_dealer"),
        ("0/dealers/alice/commitment", commitment(ALICE, 2), 400, "bad_request"),
        (f"{2**63}/dealers/alice/commitment", commitment(ALICE, 2), 400, "bad_request"),
        ("2/dealers/Alice/commitment", commitment(ALICE, 2), 400, "bad_request"),
        ("2/dealers/alice/commitment", {"commitment": "00" * 32}, 400, "bad_request"),
        ("2/dealers/alice/commitment", commitment(ALICE, 2) | {"signature": "x" * 128}, 400, "bad_request"),
        ("2/dealers/alice/commitment", commitment(ALICE, 2) | {"more": 1}, 400, "bad_request"),
        ("2/dealers/alice/commitment", [], 400, "bad_request"),
        ("2/dealers/alice/reveal", {"secret": "AA" * 32}, 400, "bad_request"),
        ("2/dealers/alice/reveal", {"secret": "aa" * 32 + "\n"}, 400, "bad_request"),
        ("1/dealers/alice/reveal", {"secret": "aa" * 32}, 409, "not_dealt"),
        ("999/dealers/alice/reveal", {"secret": "aa" * 32}, 404, "not_found"),
        ("1/beacon", {"round": 1, "signature": "aa" * 48}, 409, "round_not_awaited"),
        ("2/beacon", {"round": 1, "signature": "aa" * 48}, 409, "draw_not_closed_yet"),
        ("1/beacon", {"round": 0, "signature": "aa" * 48}, 400, "bad_request"),
        ("1/beacon", {"round": 10**22, "signature": "aa" * 48}, 400, "bad_request"),
        ("1/beacon", {"round": 1, "signature": "aa" * 47}, 400, "bad_request"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(
    guest: AsyncClient, world: "World", path: str, body: object, status: int, code: str
) -> None:
    await Table(world).seat("alice")
    assert problem(await guest.post(f"{DRAWS}/{path}", json=body), HTTPStatus(status)) == code


async def test_anybody_hands_in_the_beacons_round(guest: AsyncClient, world: "World") -> None:
    world.set(minute_lottery=True)
    world.now = BEFORE_ROUND_1000
    await world.run("TRUNCATE draws, log_records, checkpoints, tree_nodes, seed_chains, lotteries CASCADE")
    await world.reconcile()
    table = Table(world, "minute")
    await table.declare_beacon(MARGIN - 60)
    world.wait(minutes=1)
    await world.reconcile()
    world.wait(minutes=1)
    await world.reconcile()
    draw = (await guest.get("/api/lottery/draws/minute/2")).json()
    assert (draw["beacon_round"], draw["waiting_for"]) == (1000, ["beacon round 1000"])

    def given(signature: bytes) -> dict[str, Any]:
        return {"round": 1000, "signature": signature.hex()}

    path, right = "/api/lottery/draws/minute/2/beacon", ROUND_1000.signature
    wrong = bytes([right[0] ^ 0x20]) + right[1:]
    for _ in range(2):
        refused = await guest.post(path, json=given(wrong))
        assert problem(refused, HTTPStatus.UNPROCESSABLE_ENTITY) == "beacon_signature_wrong"
        taken = await guest.post(path, json=given(right))
        assert (taken.status_code, taken.json()["waiting_for"]) == (HTTPStatus.OK, [])
    world.wait(minutes=1)
    assert 2 in [held.number for held in await world.reconcile()]


async def test_hand_ins_of_a_beacon_are_counted(guest: AsyncClient, world: "World") -> None:
    body = {"round": 1, "signature": "aa" * 48}
    answers = [await guest.post(f"{DRAWS}/1/beacon", json=body) for _ in range(25)]
    assert [one.status_code for one in answers[-5:]] == [HTTPStatus.TOO_MANY_REQUESTS] * 5
