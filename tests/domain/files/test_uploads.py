"""Files over HTTP, on the running server."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest
from tests.clients import Player
from tests.conftest import Register
from tests.domain.files.samples import HTML, PDF, SECRET, SVG, bomb, encoded, gradient, in_pieces, opened, photo

from app.domain.files.images import OUT_OF_MEMORY
from app.domain.files.rules import IMAGE_BYTES
from app.embedded.stack import Stack
from app.settings import Settings

pytestmark = pytest.mark.anyio
LIMIT = Settings.model_fields["file_limit_bytes"].default
DATA = "default-src 'none'; frame-ancestors 'none'"


@pytest.fixture
def directory(stack: Stack) -> Path:
    return stack.places.state / ".parlour" / "files"


async def upload(player: Player, content: bytes, **query: str) -> dict[str, Any]:
    answer = await player.http.post("/api/files", params=query, content=content)
    assert answer.status_code == 201, answer.text
    file: dict[str, Any] = answer.json()
    return file


def objects(directory: Path) -> int:
    return sum(path.is_file() for path in directory.rglob("*"))


async def test_a_file_comes_back_as_it_was_sent(player: Register) -> None:
    alice = await player("alice")
    content = PDF + secrets.token_bytes(3_000_000)
    file = await upload(alice, content, name="звіт.pdf")
    assert (file["name"], file["media_type"], file["size"]) == ("звіт.pdf", "application/pdf", len(content))

    answer = await alice.http.get(f"/api/files/{file['id']}")

    assert (answer.status_code, answer.content) == (200, content)
    headers = answer.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == (
        "attachment; filename=\"????.pdf\"; filename*=UTF-8''%D0%B7%D0%B2%D1%96%D1%82.pdf"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers.get_list("content-security-policy") == ["sandbox", DATA]
    assert headers["cache-control"] == "private, no-cache"


async def test_a_file_may_be_asked_for_in_part_or_not_again(player: Register) -> None:
    alice = await player("alice")
    content = PDF + secrets.token_bytes(2_000_000)
    path = f"/api/files/{(await upload(alice, content))['id']}"
    etag = (await alice.http.get(path)).headers["etag"]

    part = await alice.http.get(path, headers={"Range": "bytes=1000-1999999"})
    assert (part.status_code, part.content) == (206, content[1000:2_000_000])
    assert part.headers["content-range"] == f"bytes 1000-1999999/{len(content)}"
    end = await alice.http.get(path, headers={"Range": "bytes=-5", "If-Range": etag})
    assert (end.status_code, end.content) == (206, content[-5:])
    changed = await alice.http.get(path, headers={"Range": "bytes=-5", "If-Range": '"another"'})
    assert (changed.status_code, changed.content) == (200, content)
    behind = await alice.http.get(path, headers={"Range": f"bytes={len(content)}-"})
    assert (behind.status_code, behind.json()["code"]) == (416, "range_not_satisfiable")
    cached = await alice.http.get(path, headers={"If-None-Match": etag})
    assert (cached.status_code, cached.content, cached.headers["etag"]) == (304, b"", etag)


async def test_a_photo_is_shown_upright_and_tells_no_place(player: Register) -> None:
    alice = await player("alice")
    file = await upload(alice, photo(orientation=6), name="IMG_0001.JPG")
    assert (file["media_type"], file["width"], file["height"]) == ("image/jpeg", 200, 400)

    full = await alice.http.get(f"/api/files/{file['id']}")
    small = await alice.http.get(f"/api/files/{file['id']}/thumbnail")

    assert full.headers["content-type"] == "image/jpeg"
    assert full.headers["content-disposition"].startswith('inline; filename="IMG_0001.JPG"')
    assert len(full.content) == file["size"]
    assert small.headers["content-type"] == "image/webp"
    assert (opened(full.content).size, opened(small.content).size) == ((200, 400), (160, 320))
    assert SECRET.encode() not in full.content + small.content
    cached = await alice.http.get(
        f"/api/files/{file['id']}/thumbnail", headers={"If-None-Match": small.headers["etag"]}
    )
    assert cached.status_code == 304


async def test_a_page_is_never_a_page(player: Register) -> None:
    alice = await player("alice")
    answer = await alice.http.get(f"/api/files/{(await upload(alice, HTML, name='page.html'))['id']}")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers.get_list("content-security-policy") == ["sandbox", DATA]


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "nothing.txt", 400, "empty_file"),
        (SVG, "cat.png", 415, "file_type_refused"),
        (b"\x7fELF" + bytes(100), "cat", 415, "file_type_refused"),
        (encoded(gradient(), "PNG")[:-100], "cat.png", 422, "image_refused"),
        (bomb(30_000, 30_000), "cat.png", 413, "image_too_large"),
        (bomb(8_000, 8_000), "cat.png", 413, "image_too_large"),
        (encoded(gradient(), "PNG") + bytes(IMAGE_BYTES), "cat.png", 413, "image_too_large"),
        (bytes(100) * (LIMIT // 100 + 1), "zeros", 413, "file_too_large"),
        (PDF, "\x00", 400, "bad_request"),
        (PDF, "x" * 1000, 400, "bad_request"),
    ],
)
async def test_what_is_not_taken_is_refused_by_name(
    player: Register, directory: Path, content: bytes, name: str, status: int, code: str
) -> None:
    alice = await player("alice")
    before = objects(directory)
    answer = await alice.http.post("/api/files", params={"name": name}, content=content)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await alice.http.get("/api/files")).json()["files"] == []
    assert objects(directory) == before


async def test_a_body_in_pieces_ends_at_the_limit(player: Register) -> None:
    async def long_text() -> AsyncIterator[bytes]:
        for _ in range(2 * LIMIT // 1_000_000):
            yield b"a" * 1_000_000

    alice = await player("alice")
    answer = await alice.http.post("/api/files", content=long_text())
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    assert (await alice.http.post("/api/files", content=in_pieces(PDF))).status_code == 201


async def test_an_upload_that_breaks_off_leaves_nothing(player: Register, stack: Stack, directory: Path) -> None:
    alice = await player("alice")
    before = objects(directory)
    _, writer = await asyncio.open_connection("127.0.0.1", stack.ports[0])
    head = f"POST /api/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.access}\r\n"
    writer.write(f"{head}Content-Length: 1000000\r\n\r\n".encode() + PDF + bytes(500_000))
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await alice.http.get("/api/files")).json() == {
        "files": [],
        "bytes_used": 0,
        "bytes_allowed": Settings.model_fields["file_quota_bytes"].default,
    }
    assert objects(directory) == before


async def test_a_resend_is_the_same_file(player: Register, directory: Path) -> None:
    alice = await player("alice")
    first = await upload(alice, photo(), name="cat.jpg", client_id="mine")
    before = objects(directory)
    assert await upload(alice, photo(), name="cat.jpg", client_id="mine") == first
    assert objects(directory) == before
    other = await alice.http.post("/api/files", params={"client_id": "mine"}, content=PDF)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


async def test_nobody_else_sees_a_file(player: Register, base_url: str) -> None:
    alice, eve = await player("alice"), await player("eve")
    path = f"/api/files/{(await upload(alice, photo()))['id']}"
    for method, asked in (("GET", path), ("GET", f"{path}/thumbnail"), ("DELETE", path)):
        answer = await eve.http.request(method, asked)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_file")
    refused = await eve.http.put("/api/users/avatar", json={"file_id": path.rpartition("/")[2]})
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_file")
    async with httpx.AsyncClient(base_url=base_url) as nobody:
        assert (await nobody.get(path)).status_code == 401
        assert (await nobody.post("/api/files", content=PDF)).status_code == 401
    assert (await alice.http.get(path)).status_code == 200
    assert (await alice.http.get(f"/api/files/{uuid4()}")).json()["code"] == "no_such_file"


async def test_a_deleted_file_is_gone(player: Register, directory: Path) -> None:
    alice = await player("alice")
    before = objects(directory)
    file = await upload(alice, photo())
    assert objects(directory) == before + 2
    path = f"/api/files/{file['id']}"
    assert (await alice.http.delete(path)).status_code == 204
    for method in ("GET", "DELETE"):
        assert (await alice.http.request(method, path)).status_code == 404
    assert objects(directory) == before


async def test_an_avatar_is_shown_to_everybody_until_it_is_dropped(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    file = (await upload(alice, photo()))["id"]
    chosen = await alice.http.put("/api/users/avatar", json={"file_id": file})
    url = f"/api/users/{alice.id}/avatar"
    assert (chosen.status_code, chosen.json()) == (200, {"user_id": alice.id, "file_id": file, "url": url})
    assert opened((await bob.http.get(url)).content).size == (320, 160)
    assert (await bob.http.get(f"/api/files/{file}")).status_code == 200
    assert (await alice.http.delete(f"/api/files/{file}")).json()["code"] == "file_in_use"
    assert (await alice.http.get("/api/files")).json()["files"][0]["attached_as"] == "avatar"
    for _ in range(2):
        assert (await alice.http.delete("/api/users/avatar")).status_code == 204
    assert (await bob.http.get(url)).status_code == 404
    assert (await bob.http.get(f"/api/files/{file}")).status_code == 404
    report = (await upload(alice, PDF))["id"]
    assert (await alice.http.put("/api/users/avatar", json={"file_id": report})).json()["code"] == "not_an_image"


async def test_a_decoder_that_died_is_replaced(player: Register, stack: Stack) -> None:
    """By a file that killed it, say; here by us."""
    alice = await player("alice")
    await upload(alice, photo())
    decoder = decoder_of(stack)
    decoder.kill()
    while decoder.is_running() and decoder.status() != psutil.STATUS_ZOMBIE:
        await asyncio.sleep(0.01)
    await upload(alice, photo())


@pytest.mark.skipif(not OUT_OF_MEMORY.exists(), reason="Linux alone is told whom to end")
async def test_where_memory_runs_out_the_decoder_is_ended_and_not_the_api(player: Register, stack: Stack) -> None:
    await upload(await player("alice"), photo())
    decoder = decoder_of(stack)
    assert expendable(decoder.pid)
    assert not expendable(decoder.ppid())


def expendable(pid: int) -> bool:
    return Path(f"/proc/{pid}/oom_score_adj").read_text() == "1000\n"


def decoder_of(stack: Stack) -> psutil.Process:
    web = stack.processes["web"].running
    assert web
    (decoder,) = psutil.Process(web.pid).children()
    return decoder
