"""After `mutmut run`: has a test noticed every mutant? Those that behave as the original does are in equivalent.toml.

A mutant is known by its function and by the lines that it changes, because its number moves whenever the function does.
"""

import sys
import tomllib
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import get_module_from_key, orig_function_and_class_names_from_key

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
NOTICED = {"killed", "timeout", "segfault"}
"""A mutant that never ends, or that ends the process, is noticed too."""


class Change(NamedTuple):
    function: str
    was: str
    becomes: str


def equivalent() -> dict[Change, str]:
    """With the reason why it is."""
    listed = tomllib.loads(EQUIVALENT.read_text())["equivalent"]
    reasons = {Change(one["function"], one["was"], one["becomes"]): str(one["reason"]) for one in listed}
    assert len(reasons) == len(listed), "a mutant is listed twice"
    return reasons


def change_of(name: str, path: Path | str) -> Change:
    """`name` is mutmut's."""
    function, owner = orig_function_and_class_names_from_key(name)
    lines = get_diff_for_mutant(name, path=path).splitlines()[2:]
    was, becomes = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return Change(".".join(filter(None, [get_module_from_key(name), owner, function])), was, becomes)


def survivors(patterns: Sequence[str]) -> Iterator[tuple[str, Change]]:
    """With what became of them: survived, no tests, not checked, … Of all mutants, or of those with such names."""
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            wanted = not patterns or any(fnmatch(name, pattern) for pattern in patterns)
            if wanted and status_by_exit_code[code] not in NOTICED:
                yield status_by_exit_code[code], change_of(name, path)


def main(patterns: Sequence[str]) -> int:
    known, found = equivalent(), list(survivors(patterns))
    for status, change in found:
        if change not in known:
            print(f"{status}: {change.function}\n  - {change.was}\n  + {change.becomes}")  # noqa: T201  a command's output
    stale = set() if patterns else known.keys() - {change for _, change in found}
    for change in stale:
        print(f"listed, but noticed or gone: {change.function}\n  - {change.was}\n  + {change.becomes}")  # noqa: T201
    unknown = sum(change not in known for _, change in found)
    equal = len(found) - unknown
    print(f"{unknown} mutants that no test notices, {equal} equivalent ones, {len(stale)} stale entries")  # noqa: T201
    return 1 if unknown or stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
