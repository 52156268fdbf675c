"""The list of equivalent mutants speaks of code that is there."""

import ast
from functools import cache
from pathlib import Path

import pytest
from tests.mutants.survivors import Change, equivalent

SOURCE = Path(__file__).parents[2] / "src"


@cache
def functions(module: str) -> dict[str, str]:
    """By name, the text of every function and method of a module, without breaks and indentation."""
    text = (SOURCE / module.replace(".", "/")).with_suffix(".py").read_text()
    found = {}
    for node in ast.parse(text).body:
        for one in [node, *(node.body if isinstance(node, ast.ClassDef) else ())]:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{node.name}.{one.name}" if isinstance(node, ast.ClassDef) else one.name
                found[name] = " ".join((ast.get_source_segment(text, one) or "").split())
    return found


@pytest.mark.parametrize("change", equivalent(), ids=str)
def test_the_line_is_in_the_function_and_the_reason_is_given(change: Change) -> None:
    module, _, name = change.function.partition(".") if "." not in change.function else split(change.function)
    assert " ".join(change.was.split()) in functions(module)[name]
    assert change.was != change.becomes
    assert len(equivalent()[change].split()) >= 3


def split(function: str) -> tuple[str, str, str]:
    """`app.fairdraw.tree.Frontier.append` is `Frontier.append` in `app.fairdraw.tree`."""
    parts = function.split(".")
    for length in range(len(parts) - 1, 0, -1):
        if (SOURCE / "/".join(parts[:length])).with_suffix(".py").exists():
            return ".".join(parts[:length]), ".", ".".join(parts[length:])
    raise AssertionError(function)
