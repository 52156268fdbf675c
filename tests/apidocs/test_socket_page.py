"""The page at `/docs/ws` is the AsyncAPI document to read, without a script, and asks nobody else for anything."""

import re
from html.parser import HTMLParser

import httpx
import pytest

from app.apidocs.tidying import Json


class Parts(HTMLParser):
    """What a page consists of: its ids, its links, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = {name: value or "" for name, value in attributes}
        self.attributes |= named.keys()
        self.links += [named[name] for name in ("href", "src") if name in named]
        if "id" in named:
            self.ids.append(named["id"])


@pytest.fixture(scope="session")
def answer(base_url: str) -> httpx.Response:
    return httpx.get(f"{base_url}/docs/ws")


@pytest.fixture(scope="session")
def page(answer: httpx.Response) -> Parts:
    return Parts(answer.text)


def test_it_has_no_script_and_no_style_of_its_own(answer: httpx.Response, page: Parts) -> None:
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert not {"script", "style", "iframe", "img"} & set(page.tags)
    assert not {one for one in page.attributes if one == "style" or one.startswith("on")}


def test_all_its_links_lead_somewhere_on_this_server(base_url: str, page: Parts) -> None:
    for link in set(page.links):
        if link.startswith("#"):
            assert link[1:] in page.ids
        elif link != "data:,":
            assert link.startswith("/docs")
            assert httpx.get(base_url + link, follow_redirects=True).status_code == 200


def test_every_socket_frame_and_shape_has_its_place(base_url: str, page: Parts) -> None:
    document: Json = httpx.get(f"{base_url}/docs/asyncapi.json").json()
    components = document["components"]
    shapes = {f"shape-{name}" for name in components["schemas"].keys() - components["messages"].keys()}
    assert components["messages"].keys() | document["channels"].keys() | shapes <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


def test_what_it_shows_is_escaped(answer: httpx.Response) -> None:
    assert re.search(r"<pre>\{&quot;type&quot;:&quot;ping&quot;\}</pre>", answer.text)
