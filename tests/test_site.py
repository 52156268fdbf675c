"""The documentation's site: it is built from the pages as they are, and asks no other server for anything."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href", "form": "action"}
"""What makes a browser ask, and where it says whom."""


class Loading(HTMLParser):
    """What a page would load by itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attributes if LOADS.get(tag) == name]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built strictly: a page without a place, and a link or an anchor that leads nowhere, are errors."""
    place = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(place)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  our own command
    assert built.returncode == 0, built.stderr
    return place


def pages(site: Path) -> Iterator[tuple[str, str]]:
    for page in site.rglob("*.html"):
        yield page.relative_to(site).as_posix(), page.read_text()


def test_every_page_of_the_documentation_is_on_it(site: Path) -> None:
    there = {name for name, _ in pages(site)}
    ours = {page.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for page in ROOT.glob("docs/**/*.md")}
    assert ours | {"start.html", "changelog.html", "contributing.html", "benchmarks.html"} <= there
    assert {"guide/index.html", "decisions/index.html"} <= there


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for name, page in pages(site):
        for address in Loading(page).found:
            assert not re.match(r"(https?:)?//", address), f"{name} loads {address}"
    for style in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", style.read_text()), style.name


def test_links_between_pages_lead_to_pages_of_the_site(site: Path) -> None:
    for name, page in pages(site):
        for link in re.findall(r'<a[^>]* href="([^"#:]+)["#]', page):
            assert ((site / name).parent / link).exists() or name == "404.html", f"{name} leads to {link}"
            assert not link.endswith(".md"), f"{name} leads to {link}"


def test_pictures_are_small_and_all_of_them_are_shown(site: Path) -> None:
    shown = {address.rpartition("/")[2] for _, page in pages(site) for address in Loading(page).found}
    for picture in ROOT.glob("docs/pictures/*.png"):
        assert picture.stat().st_size < 150_000, picture.name
        assert picture.name in shown, f"no page shows {picture.name}"


def test_everything_can_be_searched(site: Path) -> None:
    index = json.loads((site / "search/search_index.json").read_text())
    searched = {entry["location"].partition("#")[0] for entry in index["docs"]}
    assert {"protocol.html", "guide/groups.html", "decisions/index.html", "start.html"} <= searched
