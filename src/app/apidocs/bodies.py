"""Every struct that goes over the wire, as msgspec describes it: the library that decodes, checks and encodes it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, get_args

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from app.apidocs.examples import EXAMPLES
from app.apidocs.tidying import Json
from app.bodies import TAKES
from app.problems import Problem

SCHEMAS = "#/components/schemas/"


def describe_bodies(handlers: Iterable[HTTPRouteHandler]) -> Json:
    """A schema for every struct that these take or answer with, by its name, with our examples."""
    structs: set[type[Struct]] = {Problem}
    structs.update(struct for handler in handlers for struct in structs_of(handler))
    described = describe(structs)
    known = every(structs)
    for example in EXAMPLES:
        if type(example) in known:
            described[type(example).__name__].setdefault("examples", []).append(msgspec.to_builtins(example))
    return described


def describe(structs: Iterable[type[Struct]]) -> Json:
    """A schema for each of these, and for what their fields hold, by its name."""
    # Sorted, so that the document is the same after every start.
    ordered = sorted(structs, key=lambda struct: struct.__name__)
    _, described = msgspec.json.schema_components(ordered, ref_template=f"{SCHEMAS}{{name}}")
    for struct in every(ordered):
        mark_times(described[struct.__name__], struct)
    return dict(sorted(described.items()))


def structs_of(handler: HTTPRouteHandler) -> Iterator[type[Struct]]:
    signature = handler.parsed_fn_signature
    yield from structs_in(signature.return_type.annotation)
    if "data" in signature.parameters:
        yield from structs_in(signature.parameters["data"].annotation)
        yield from handler.opt.get(TAKES, ())
    for other in (handler.responses or {}).values():
        yield from structs_in(other.data_container)


def structs_in(annotation: Any) -> Iterator[type[Struct]]:  # noqa: ANN401  any type at all
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        yield annotation
    for inner in get_args(annotation):
        yield from structs_in(inner)


def every(structs: Iterable[type[Struct]]) -> set[type[Struct]]:
    """These, and those that their fields hold."""
    found: set[type[Struct]] = set()
    waiting = list(structs)
    while waiting:
        struct = waiting.pop()
        if struct not in found:
            found.add(struct)
            waiting += [inner for field in msgspec.structs.fields(struct) for inner in structs_in(field.type)]
    return found


def mark_times(schema: Json, struct: type[Struct]) -> None:
    """Msgspec leaves the format out, because a time without a zone is none in RFC 3339. All of ours have one."""
    for field in msgspec.structs.fields(struct):
        if datetime in {field.type, *get_args(field.type)}:
            described = schema["properties"][field.encode_name]
            for variant in described.get("anyOf", [described]):
                if variant["type"] == "string":
                    variant["format"] = "date-time"
