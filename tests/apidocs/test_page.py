"""The page at `/docs` works with the network cable out."""

import re

import httpx
import pytest


@pytest.fixture(params=["/docs", "/docs/", "/api/docs", "/api/docs/"])
def page(base_url: str, request: pytest.FixtureRequest) -> httpx.Response:
    return httpx.get(base_url + request.param)


def test_all_its_parts_are_ours(base_url: str, page: httpx.Response) -> None:
    parts = re.findall(r'(?:src|href|data-url)="([^"]*)"', page.text)
    assert "/docs/openapi.json" in parts
    for part in parts:
        assert part.startswith(("/docs/", "data:"))
        assert part.startswith("data:") or httpx.get(base_url + part).status_code == 200


def test_the_browser_is_told_to_ask_nobody_else(page: httpx.Response) -> None:
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert "http" not in policy
