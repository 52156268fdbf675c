"""What the documentation says is there: links, targets, commands, settings, errors, and the tour of the README."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import msgspec
import pytest
from pydantic import AliasChoices
from pydantic_core import PydanticUndefined

import app
from app import migrating
from app.apidocs.closing import CLOSE_CODES
from app.apidocs.frames import HEARD, TOLD, name_of
from app.cli import main
from app.domain.live.schemas import ClientFrame
from app.embedded.stack import Stack
from app.embedded.temporary import temporary_stack
from app.errors import type_of_code
from app.problems import read_frame
from app.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])

PROTOCOL = (ROOT / "docs/protocol.md").read_text()
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


def page_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def table(page: str) -> dict[str, tuple[str, ...]]:
    """The rows of a page's tables by their first cell, which is code."""
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", (ROOT / page).read_text(), re.MULTILINE)
    found = {name: tuple(cell.strip() for cell in cells.split(" | ")) for name, cells in rows}
    assert len(found) == len(rows), "a row stands twice"
    return found


def anchors(page: Path) -> set[str]:
    """The names that headings get on the pages of code hosts."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = page.read_text()
    code = "\n".join([*(body for _, body in FENCED.findall(text)), *re.findall(r"`([^`\n]+)`", FENCED.sub("", text))])
    named = set(re.findall(r"(?:^|\s)make ([a-z][\w-]*)", code))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_parlour_command_that_is_named_exists(page: Path) -> None:
    assert set(re.findall(r"`parlour ([a-z]\w*)", page.read_text())) <= main.commands.keys()


def test_every_parlour_command_is_in_the_readme() -> None:
    assert table("README.md").keys() == {f"parlour {name}" for name in main.commands}


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    """In backquotes, from the top of the checkout or from `src/app`."""
    for name in re.findall(r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|lua|md|yml|conf|ini|toml|env))`", page.read_text()):
        assert any((place / name).exists() for place in (ROOT, ROOT / "src/app")), name


def variable_of(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"PARLOUR_{name.upper()}"


def default_of(name: str) -> str:
    default = Settings.model_fields[name].default
    if default is PydanticUndefined:
        return "required"
    if default in (None, []):
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_the_table_of_settings_is_that_of_the_code() -> None:
    documented = table("docs/configuration.md")
    assert {name: cells[0] for name, cells in documented.items()} == {
        variable_of(name): default_of(name) for name in Settings.model_fields
    }
    assert all(len(cells) == 2 and cells[1] for cells in documented.values())


def test_the_table_of_errors_is_that_of_the_code() -> None:
    for module in walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    ours = {code: error for code, error in type_of_code.items() if error.__module__.startswith("app.")}
    assert table("docs/errors.md") == {code: (str(error.status), error.detail) for code, error in ours.items()}


def test_every_frame_in_the_protocol_is_one_of_the_code() -> None:
    """What a client sends is decoded as the server would; what it hears has, in all examples, its struct's fields."""
    pages = PROTOCOL.split("\n## ")
    sent = next(page for page in pages if page.startswith("`/ws`: what you send"))
    for line in frames_in(sent):
        read_frame(msgspec.json.Decoder(ClientFrame).decode, line)
    heard = next(page for page in pages if page.startswith("`/ws`: what you hear"))
    shown: defaultdict[str, set[str]] = defaultdict(set)
    for line in frames_in(heard):
        shown[json.loads(line)["type"]] |= json.loads(line).keys()
    assert shown == {name_of(frame): {"type", *frame.__struct_fields__} for frame in HEARD}


def test_every_frame_and_close_code_has_its_line_in_the_protocol() -> None:
    documented = table("docs/protocol.md").keys()
    assert {name_of(frame) for frame in TOLD} <= documented
    closing = re.findall(r"^\| (\d{4}) \| (.+) \| (.+) \|$", PROTOCOL, re.MULTILINE)
    assert closing == [(str(one.code), one.meaning, one.remedy) for one in CLOSE_CODES]


def frames_in(text: str) -> list[str]:
    return [line for _, body in FENCED.findall(text) for line in body.splitlines()]


def test_decision_records_are_numbered_without_gaps_and_fit_a_page() -> None:
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text()
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Choice", "Consequence"], record.name
        assert len(text.split()) < 500, record.name


VOLATILE = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "<date>"),
    (re.compile(r"\b[0-9a-f]{64,}\b"), "<hex>"),
    (re.compile(r'(?<="at":)\d{10}'), '"<seconds>"'),
    (re.compile(r"localhost:\d+/fairdraw"), "<log>"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<uuid>"),
)
SEPARATOR = "----- next answer -----"


def without_what_changes(answer: str) -> Any:  # noqa: ANN401  any JSON
    for pattern, name in VOLATILE:
        answer = pattern.sub(name, answer)
    return json.loads(answer)


def tour() -> list[tuple[str, str]]:
    """The commands of the tour, each with the answer that the README shows; empty where it shows none."""
    section = README.partition("## A tour")[2].partition("\n## ")[0]
    blocks = FENCED.findall(section)
    following = [*blocks[1:], ("", "")]
    return [
        (body, answer if answer_kind == "json" else "")
        for (kind, body), (answer_kind, answer) in zip(blocks, following, strict=True)
        if kind == "sh"
    ]


@pytest.fixture(scope="module")
def fresh_stack() -> Iterator[Stack]:
    """As `make run` starts one for the first time: the numbers that the README shows begin at 1."""
    with temporary_stack(migrating.upgrade_now) as started:
        yield started


def test_the_tour_of_the_readme_answers_what_it_shows(fresh_stack: Stack) -> None:
    script = f"echo; echo '{SEPARATOR}'\n".join(commands for commands, _ in tour())
    script = script.replace("localhost:8000", fresh_stack.base_url.removeprefix("http://"))
    script = script.replace(".venv/bin/python", sys.executable)

    run = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603, S607  the README's own commands

    assert run.returncode == 0, run.stderr
    answers = [answer.strip() for answer in run.stdout.split(SEPARATOR)]
    assert len(answers) == len(tour()) > 5
    for answer, (commands, shown) in zip(answers, tour(), strict=True):
        if shown:
            there = without_what_changes(answer.replace(fresh_stack.base_url[7:], "localhost:8000"))
            assert there == without_what_changes(shown), commands
