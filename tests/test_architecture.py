"""What the import contracts in `.importlinter` cannot say, and that they bite."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import app
import parlour_client
from parlour_client import terminal

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "app"
CLIENT = ROOT / "src" / "parlour_client"
FILES = sorted([*PACKAGE.rglob("*.py"), *CLIENT.rglob("*.py")])

LONGEST = 250
LONG_FOR_A_REASON: dict[str, str] = {
    "settings.py": "One table of every setting, by the only reader of the environment.",
    "fairdraw/verifier.py": "One file, so that people can download it, read it and run it without us. Its sections are "
    "what would be modules: bytes, reading, trees, Ed25519, what is signed, ballots, draws, the log, plays, comparing.",
}
"""File: reason."""

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def name_of(file: Path) -> str:
    return file.relative_to(PACKAGE if file.is_relative_to(PACKAGE) else CLIENT.parent).as_posix()


def lint_imports(directory: Path) -> subprocess.CompletedProcess[str]:
    """The contracts over the package in `directory`, which may be a copy."""
    run = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    return subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-c", run, "--config", str(ROOT / ".importlinter"), "--no-cache"],
        cwd=directory,
        env={"PATH": ""},
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of both packages, to be built wrongly."""
    for package in (PACKAGE, CLIENT):
        shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_house_keeps_its_contracts() -> None:
    result = lint_imports(PACKAGE.parent)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("utils.py", "", "The house"),
        ("domain/utils.py", "", "The slices"),
        ("domain/chat/helpers.py", "", "Within a slice"),
        ("domain/accounts/helpers.py", "", "Within accounts"),
        ("hub/events.py", "import app.domain.chat.schemas", "The house"),
        ("domain/game/services/plays.py", "import app.domain.lottery.services.draws", "The slices"),
        ("domain/chat/listeners.py", "import app.domain.social.models", "A slice uses another through its services"),
        ("domain/chat/rules.py", "import app.domain.chat.models", "Within a slice"),
        ("domain/lottery/rules/opening.py", "import sqlalchemy", "Rules are plain Python"),
        ("domain/game/games/number.py", "import sqlalchemy", "A game is plain Python"),
        ("domain/game/services/plays.py", "import litestar", "Only edges know Litestar and taskiq"),
        ("domain/social/services/blocks.py", "import taskiq", "Only edges know Litestar and taskiq"),
        ("../parlour_client/outbox.py", "import app.errors", "The client knows the protocol alone"),
        ("../parlour_client/outbox.py", "import parlour_client.live", "Within the client"),
    ],
)
def test_a_stray_module_or_import_breaks_its_contract(house: Path, file: str, line: str, broken: str) -> None:
    with (house / "app" / file).open("a") as opened:
        opened.write(f"\n{line}\n")

    result = lint_imports(house)

    assert result.returncode == 1
    assert broken in result.stdout.partition("Broken contracts")[2]


ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv"}


def reads_the_environment(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(name.name in ENVIRONMENT for name in node.names)
    return isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        name_of(file) for file in FILES if any(map(reads_the_environment, ast.walk(ast.parse(file.read_text()))))
    }
    assert readers == {"settings.py"}


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: everything but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, FUNCTIONS):
            yield child
            yield from at_import(child)


def test_nothing_reads_its_configuration_at_import() -> None:
    found = [
        f"{name_of(file)}:{node.lineno}"
        for file in FILES
        for node in at_import(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"Settings", "Provided", "read_settings", "create_app"}
    ]
    assert not found


def test_a_file_beyond_250_lines_has_a_reason() -> None:
    long = {name_of(file) for file in FILES if len(file.read_text().splitlines()) > LONGEST}
    assert long == LONG_FOR_A_REASON.keys()


@pytest.mark.parametrize("package", [app, parlour_client, terminal])
def test_the_map_has_a_line_for_every_package_and_module(package: ModuleType) -> None:
    on_the_map = {line.split()[0] for line in (package.__doc__ or "").split("\n\n")[1].splitlines()}
    in_the_house = {
        place.stem
        for place in Path(package.__path__[0]).iterdir()
        if place.suffix == ".py" or (place / "__init__.py").exists()
    }
    assert on_the_map == in_the_house - {"__init__", "__main__"}


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "common", "helpers", "lib", "base", "misc", "managers"}
    assert not [name_of(file) for file in FILES if drawers & {file.stem, *Path(name_of(file)).parts}]
