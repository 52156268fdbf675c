"""Requests by their id: in the answer, in the log, in a worker's lines; and one trace through all of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import msgspec
import pytest
from litestar.types import Receive, Scope, Send
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.conftest import Newcomer, Register

from app import logs, origins, tracing
from app.arrivals import Arrivals
from app.domain.game.schemas.plays import Attempt
from app.embedded.stack import Stack
from app.inbox.accept import Inbox
from app.inbox.batches import Outcome
from app.inbox.drain import Drain, Recorder
from app.inbox.streams import partition_of
from app.resources import Resources
from app.workers.broker import open_broker
from app.workers.drains import open_drains

pytestmark = pytest.mark.anyio


@pytest.fixture
async def anyone(base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base_url) as client:
        yield client


async def test_every_answer_names_its_request(anyone: httpx.AsyncClient) -> None:
    first, second = await anyone.get("/health/live"), await anyone.get("/no/such/path")
    assert len(first.headers["x-request-id"]) == 16
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert second.json()["request_id"] == second.headers["x-request-id"]


async def test_a_proxy_may_name_the_request(anyone: httpx.AsyncClient) -> None:
    answer = await anyone.get("/health/live", headers={"X-Request-ID": "edge-7.f3_00000001"})
    assert answer.headers["x-request-id"] == "edge-7.f3_00000001"


@pytest.mark.parametrize(
    "forged", ["", "short", "x" * 65, "has a space in it", "[INFO] 2026 forged", "new%0Aline-line"]
)
async def test_but_not_by_what_could_forge_a_line(anyone: httpx.AsyncClient, forged: str) -> None:
    answer = await anyone.get("/health/live", headers={"X-Request-ID": forged})
    assert answer.headers["x-request-id"] != forged
    assert len(answer.headers["x-request-id"]) == 16


async def test_the_line_of_a_request_says_who_and_how_long_and_no_more(player: Register, stack: Stack) -> None:
    ada = await player("ada")
    named = {"X-Request-ID": "the-line-of-this-one"}
    await ada.http.get("/api/users/profile?token=plk_0123456789&secret=hush", headers=named)
    line = next(one for one in lines_of(stack) if "the-line-of-this-one" in one)
    assert " api request - GET /api/users/profile 200 - Ms: " in line
    assert line.endswith(f", User: {ada.id}, Request id: the-line-of-this-one")
    assert "hush" not in line
    assert "plk_" not in line


async def test_a_socket_has_its_line_when_it_ends_without_its_token(player: Register, stack: Stack) -> None:
    ada = await player("ada")
    async with ada.socket("/ws") as socket:
        await socket.until("ready")
    for _ in range(100):
        if any("WS /ws 101" in line for line in lines_of(stack)):
            break
        await asyncio.sleep(0.05)
    assert not any(ada.access in line for line in lines_of(stack))


def lines_of(stack: Stack) -> list[str]:
    return (stack.places.state / "logs" / "web.log").read_text().splitlines()


@pytest.fixture
def spans(resources: Resources) -> Iterator[InMemorySpanExporter]:
    """Everything is traced, and kept here."""
    kept = InMemorySpanExporter()
    tracing.configure(resources.settings.model_copy(update={"traces_share": 1.0}), "test", kept)
    yield kept
    tracing.configure(resources.settings, "test")


MOVE = msgspec.Raw(msgspec.msgpack.encode({"number": 842}))


class Play:
    """An application that hands a play to the inbox, and answers when it is stored."""

    def __init__(self, inbox: Inbox, user_id: int) -> None:
        self.inbox = inbox
        self.user_id = user_id

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        scope["path_template"] = "/api/game/play"  # As Litestar does.
        stored = await self.inbox.submit(
            "game", self.user_id, msgspec.msgpack.encode(Attempt(self.user_id, "number", MOVE, "k"))
        )
        body = await stored
        start: Any = {"type": "http.response.start", "status": 201, "headers": []}
        await send(start)
        end: Any = {"type": "http.response.body", "body": body, "more_body": False}
        await send(end)


async def ask(inbox: Inbox, resources: Resources, user_id: int, **headers: str) -> httpx.Response:
    transport: Any = httpx.ASGITransport(Arrivals(Play(inbox, user_id)))  # type: ignore[arg-type]  # Litestar's types
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        asking = asyncio.create_task(client.post("/api/game/play", headers=headers))
        while not asking.done():
            await open_drains(resources)["game"].run(partition_of(user_id))
            await asyncio.sleep(0.01)
        return await asking


async def test_one_trace_goes_through_api_stream_and_worker(
    inbox: Inbox, resources: Resources, newcomer: Newcomer, spans: InMemorySpanExporter
) -> None:
    answer = await ask(inbox, resources, await newcomer("ada"), traceparent=f"00-{'a' * 32}-{'b' * 16}-01")

    assert answer.status_code == 201
    request, accept, store, announce = (named(spans, name) for name in NAMES)
    assert len({span.context.trace_id for span in (request, accept, store, announce)}) == 1
    assert request.parent is None, "A client does not decide what is traced"
    assert accept.parent.span_id == request.context.span_id
    assert store.parent.span_id == announce.parent.span_id == accept.context.span_id
    assert (store.attributes["kind"], store.attributes["batch"]) == ("game", 1)
    assert request.attributes["parlour.request_id"] == answer.headers["x-request-id"]


NAMES = ("POST /api/game/play", "inbox accept", "inbox store", "inbox announce")


def named(spans: InMemorySpanExporter, name: str) -> Any:  # noqa: ANN401  a span, whose optional parts are there
    (span,) = [one for one in spans.get_finished_spans() if one.name == name]
    return span


async def test_what_is_not_sampled_leaves_no_trace(
    inbox: Inbox, resources: Resources, newcomer: Newcomer, spans: InMemorySpanExporter
) -> None:
    tracing.configure(resources.settings.model_copy(update={"traces_share": 0.0}), "test", spans)
    await ask(inbox, resources, await newcomer("ada"))
    assert not spans.get_finished_spans()


async def test_a_worker_knows_whose_entry_it_stores(inbox: Inbox, resources: Resources) -> None:
    seen: list[str] = []

    async def record(_: object, entries: Any) -> list[Outcome[None]]:  # noqa: ANN401  bytes
        seen.append(origins.request_id.get())
        return [Outcome() for _ in entries]

    drain = Drain(resources.redis, resources.sessions, Recorder("game", record, lambda *_: None))
    for name in ("the-first-request", "the-second-request"):
        origins.request_id.set(name)
        await inbox.submit("game", 5, b"entry")
    origins.request_id.set("")
    await drain.run(5)

    assert seen == ["the-first-request,the-second-request"]
    assert origins.request_id.get() == ""


async def test_a_task_is_the_work_of_whoever_asked_for_it(
    resources: Resources, spans: InMemorySpanExporter, clean: None
) -> None:
    broker = open_broker(resources.settings.redis_url)
    errands = broker.middlewares[0]
    message: Any = type("Message", (), {"task_name": "notices.push", "labels": {}})
    result: Any = type("Result", (), {"is_err": False, "execution_time": 0.1, "error": None})
    origins.request_id.set("who-asked-for-it")
    with tracing.span("request"):
        errands.pre_send(message)
    origins.request_id.set("")

    errands.pre_execute(message)
    doing = origins.request_id.get()
    await errands.post_execute(message, result)  # type: ignore[misc]  # taskiq allows either kind
    await broker.shutdown()

    assert (doing, origins.request_id.get()) == ("who-asked-for-it", "")
    assert named(spans, "notices.push").parent.span_id == named(spans, "request").context.span_id


def test_without_a_tracer_nothing_is_handed_on() -> None:
    with tracing.span("anything"), tracing.continued("anything", ""):
        assert tracing.traceparent() == ""


def test_json_holds_the_same(resources: Resources) -> None:
    line = logs.ApiLine(resources.settings.model_copy(update={"log_format": "json"}))
    record: Any = type(
        "Record", (), {"levelname": "INFO", "created": 0.0, "msg": {"event": "GET / 200", "status": 200}}
    )
    assert json.loads(line.format(record)) == {
        "level": "info",
        "timestamp": "1970-01-01T00:00:00.000000Z",
        "module": "api",
        "func_name": "request",
        "event": "GET / 200",
        "status": 200,
    }
