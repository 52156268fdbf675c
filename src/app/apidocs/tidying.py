"""JSON Schema as generators of clients want to have it, from what msgspec and Litestar write."""

from collections.abc import Sequence
from types import NoneType
from typing import Any

Json = dict[str, Any]

LARGEST_ID = 2**63 - 1
KINDS: dict[type, str] = {str: "string", int: "integer", dict: "object", NoneType: "null"}
"""Types in the words of JSON Schema."""


def tidy(value: Any) -> Any:  # noqa: ANN401  any JSON
    """Whole numbers as integers, and patterns as JSON Schema's dialect (ECMA 262) writes them."""
    if isinstance(value, dict):
        if isinstance(choices := value.get("enum"), list):
            value = {**type_of(choices), **value}
        return {key: tidy_pattern(one) if key == "pattern" else tidy(one) for key, one in value.items()}
    if isinstance(value, list):
        return [tidy(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return min(int(value), LARGEST_ID)  # Litestar took bounds through a float, which rounds this one up.
    return value


def type_of(choices: Sequence[object]) -> Json:
    """Generators of clients want to be told, and msgspec leaves it out."""
    kinds = sorted({KINDS[type(choice)] for choice in choices})
    return {"type": kinds[0] if len(kinds) == 1 else kinds}


def tidy_pattern(pattern: Any) -> Any:  # noqa: ANN401  A property may be called `pattern` as well.
    return pattern.replace(r"\Z", "$") if isinstance(pattern, str) else tidy(pattern)
