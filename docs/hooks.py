"""What the site needs besides the pages of docs/: those at the top of the checkout, lists of folders, links between.

mkdocs calls these functions. The pages themselves are written for a checkout, where every link leads to a file.
"""

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
BROUGHT = {
    "README.md": "start.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "benchmarks/README.md": "benchmarks.md",
}
"""Pages from elsewhere in the checkout, and where they are on the site."""

FOLDERS = {"guide": "Guides", "decisions": "Decisions"}
"""Folders of pages, which get a list of them; in the navigation, `guide/` stands for all of its pages."""

ICON = "icon.svg"
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)")
FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)

Entry = str | dict[str, "Entry | list[Entry]"]


def on_config(config: MkDocsConfig) -> None:
    config.nav = [expand(entry) for entry in config.nav or []]


def expand(entry: Entry) -> Entry:
    if isinstance(entry, str):
        return entry
    return {title: pages_of(inside) for title, inside in entry.items()}


def pages_of(inside: "Entry | list[Entry]") -> "Entry | list[Entry]":
    if isinstance(inside, list):
        return [expand(one) for one in inside]
    if isinstance(inside, str) and inside.endswith("/"):
        return [f"{inside}index.md", *(f"{inside}{page.name}" for page in pages_in(inside))]
    return inside


def pages_in(folder: str) -> list[Path]:
    return sorted((ROOT / "docs" / folder).glob("*.md"))


def on_files(files: Files, config: MkDocsConfig) -> None:
    for source, place in BROUGHT.items():
        files.append(File.generated(config, place, content=(ROOT / source).read_text()))
    for folder, title in FOLDERS.items():
        files.append(File.generated(config, f"{folder}/index.md", content=listed(title, pages_in(folder))))
    files.append(File.generated(config, ICON, abs_src_path=str(ROOT / "web/public" / ICON)))


def listed(title: str, pages: list[Path]) -> str:
    lines = [f"- [{page.read_text().splitlines()[0].lstrip('# ')}]({page.name})" for page in pages]
    return "\n".join([f"# {title}", "", *lines, ""])


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Links as the checkout has them become links within the site; what is not on it stays as text."""
    place = page.file.src_uri
    source = next((name for name, at in BROUGHT.items() if at == place), f"docs/{place}")

    def lead(link: re.Match[str]) -> str:
        mark, text, target, anchor = link.groups()
        if ":" in target:
            return link[0]
        found = place_of(normpath(str(PurePosixPath(source).parent / target)))
        return f"{mark}[{text}]({relpath(found, PurePosixPath(place).parent)}{anchor or ''})" if found else text

    parts = FENCED.split(markdown)
    return "".join(part if part.startswith("```") else LINK.sub(lead, part) for part in parts)


def place_of(path: str) -> str | None:
    """Where something of the checkout is on the site. None for what is not there."""
    if path in BROUGHT:
        return BROUGHT[path]
    within = path.removeprefix("docs/")
    if within in FOLDERS:
        return f"{within}/index.md"
    return within if within != path else None
