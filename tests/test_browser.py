"""The browser client, as the server hands it out."""

import gzip
import re
from pathlib import Path

import httpx
import pytest
from litestar.response.base import ASGIResponse

from app.aliases import ALIASES
from app.browser import ELSEWHERE, POLICY, BrowserClient
from app.shields import security_headers

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[1]
VISIT = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Parlour</title>")
    (tmp_path / "worker.js").write_text("// " + "a long line " * 50)
    (tmp_path / "assets/index-abc123.js").write_text("// " + "a long line " * 50)
    (tmp_path / "manifest.webmanifest").write_text("{}")
    return tmp_path


beneath = ASGIResponse(body=b"the application", status_code=404, media_type="text/plain")


def visitor(root: Path) -> httpx.AsyncClient:
    client = BrowserClient(beneath, security_headers(POLICY, https=True), root)
    return httpx.AsyncClient(transport=httpx.ASGITransport(client), base_url="http://parlour")  # type: ignore[arg-type]  # Litestar has types of ASGI of its own


@pytest.mark.parametrize("path", ["/", "/login", "/c/7/12", "/invite/abc", "/no-such-page"])
async def test_a_browser_gets_the_page_at_every_path_that_is_the_clients(built: Path, path: str) -> None:
    async with visitor(built) as http:
        answer = await http.get(path, headers=VISIT)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY


@pytest.mark.parametrize("path", ["/api/users/nobody", "/ws", "/docs", "/health", "/admin/users", "/auth/login"])
async def test_what_is_the_applications_stays_the_applications(built: Path, path: str) -> None:
    async with visitor(built) as http:
        answer = await http.get(path, headers=VISIT)
    assert answer.text == "the application"


async def test_programs_get_what_the_application_says(built: Path) -> None:
    async with visitor(built) as http:
        assert (await http.get("/", headers={"Accept": "*/*"})).text == "the application"
        assert (await http.post("/login", headers=VISIT)).text == "the application"


async def test_a_file_with_its_hash_in_its_name_is_kept_for_good_and_others_are_asked_about(built: Path) -> None:
    async with visitor(built) as http:
        assert "immutable" in (await http.get("/assets/index-abc123.js")).headers["cache-control"]
        worker = await http.get("/worker.js")
        again = await http.get("/worker.js", headers={"If-None-Match": worker.headers["etag"]})
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.headers["content-type"].startswith("text/javascript")
    assert (again.status_code, again.content) == (304, b"")


async def test_files_go_packed_to_who_can_unpack_them(built: Path) -> None:
    async with visitor(built) as http:
        packed = await http.get("/worker.js", headers={"Accept-Encoding": "gzip"})
        plain = await http.get("/worker.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content == (built / "worker.js").read_bytes()
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content, mtime=0))


async def test_nothing_outside_the_build_can_be_reached(built: Path) -> None:
    (built.parent / "secret.txt").write_text("secret")
    async with visitor(built) as http:
        for path in (
            "/../secret.txt",
            "/assets/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/assets/..%2f..%2fsecret.txt",
        ):
            assert "secret" not in (await http.get(path)).text


async def test_without_a_build_the_first_page_says_so_and_the_rest_is_the_applications(tmp_path: Path) -> None:
    async with visitor(tmp_path / "empty") as http:
        assert "was not built" in (await http.get("/", headers=VISIT)).text
        assert (await http.get("/login", headers=VISIT)).text == "the application"


def test_client_and_server_agree_on_what_is_not_the_clients() -> None:
    pattern = re.search(r"\((.+?)\)\(", (ROOT / "web/src/shell/elsewhere.ts").read_text())
    assert pattern is not None
    assert set(pattern[1].split("|")) == ELSEWHERE
    assert {path.split("/")[1] for path in ALIASES} <= ELSEWHERE


def test_lock_files_hold_no_address_of_a_registry() -> None:
    for lock in (ROOT / "web/package-lock.json", *ROOT.glob("requirements*.lock")):
        for line in lock.read_text().splitlines():
            if re.search(r'"(resolved|tarball)"|index-url|find-links| @ https?:', line):
                pytest.fail(f"{lock.name}: {line}")
    assert '"integrity": "sha512-' in (ROOT / "web/package-lock.json").read_text()
