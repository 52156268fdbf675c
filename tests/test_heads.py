"""HEAD: what a GET would be answered, and no body."""

import httpx
import pytest

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/health/live", "/api/lottery/draws", "/docs", "/no/such/path"])
async def test_a_head_has_the_headers_of_a_get_and_no_body(base_url: str, path: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        got, head, again = await http.get(path), await http.head(path), await http.get("/health/live")
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["content-type"] == got.headers["content-type"]
    assert again.json() == {"status": "alive"}, "The connection is in order afterwards."


async def test_what_cannot_be_got_has_no_head(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        assert (await http.head("/api/users/login")).status_code == 405
