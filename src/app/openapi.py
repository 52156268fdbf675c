"""The OpenAPI document, told from the handlers themselves: who may ask, what is refused, what each body looks like.

Litestar writes the frame: paths, parameters, successes. Bodies are described by msgspec, which is what reads and writes
them. Refusals are the AppErrors that a handler's `refuses` declares, and those that every handler of its kind has.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any, get_args

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from app.apiexamples import EXAMPLES
from app.bodies import NotJson
from app.domain.accounts.guards import SAFE_METHODS, CrossSite
from app.errors import AppError, NotFound, NotLoggedIn, TooManyRequests, Unavailable
from app.problems import PROBLEM_JSON, REFUSES, TITLES, BodyTooLarge, Malformed, Problem, Undecodable

Json = dict[str, Any]

BEARER, COOKIE = "bearer", "cookie"
SECURITY_SCHEMES: Json = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The `access` token from `POST /api/users/login`.",
    },
    COOKIE: {
        "type": "apiKey",
        "in": "cookie",
        "name": "access",
        "description": "Set by `POST /api/users/login`. It counts on pages of this server and of allowed origins only.",
    },
}
SCHEMAS = "#/components/schemas/"
LARGEST_ID = 2**63 - 1


def complete(document: Json, app: Litestar) -> Json:
    """What Litestar generated for the application, made true. Changes and returns the document."""
    responses: dict[str, Json] = {}
    for path, method, handler in operations(app):
        describe(document["paths"][path][method], handler, method.upper(), responses)
    document.pop("security", None)
    document["components"] = {
        "schemas": schemas(app),
        "responses": dict(sorted(responses.items())),
        "securitySchemes": SECURITY_SCHEMES,
    }
    tidied: Json = tidy(document)
    return tidied


def operations(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                if handler.resolve_include_in_schema():
                    yield route.path_format, method.lower(), handler


def describe(operation: Json, handler: HTTPRouteHandler, method: str, responses: dict[str, Json]) -> None:
    """One operation; its refusals are collected in `responses`, since many share them."""
    operation["summary"] = handler.summary or handler.handler_name.replace("_", " ").capitalize()
    operation["security"] = [{BEARER: []}, {COOKIE: []}] if is_guarded(handler) else []
    operation.pop("deprecated", None)
    for parameter in operation.get("parameters", ()):
        describe_parameter(parameter)
    success = operation["responses"][str(handler.status_code)]
    success["description"] = handler.response_description or HTTPStatus(handler.status_code).phrase
    success.pop("headers", None)
    if handler.status_code == HTTPStatus.NO_CONTENT:
        success.pop("content", None)
    by_status: defaultdict[int, list[type[AppError]]] = defaultdict(list)
    for refusal in dict.fromkeys([*handler.opt.get(REFUSES, ()), *implied_refusals(operation, handler, method)]):
        by_status[refusal.status].append(refusal)
    for status, refusals in sorted(by_status.items()):
        name = "Or".join(sorted(refusal.__name__ for refusal in refusals))
        responses[name] = response_of(refusals)
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{name}"}


def is_guarded(handler: HTTPRouteHandler) -> bool:
    return not handler.opt.get("exclude_from_auth")


def describe_parameter(parameter: Json) -> None:
    """Without null: a parameter that is not given is left out."""
    schema = parameter["schema"]
    given = [one for one in schema.pop("oneOf", ()) if one != {"type": "null"}]
    if len(given) == 1:
        schema.update(given[0])
    elif given:
        schema["oneOf"] = given
    parameter.pop("deprecated", None)
    schema.pop("description", None)


def implied_refusals(operation: Json, handler: HTTPRouteHandler, method: str) -> Iterator[type[AppError]]:
    """What every operation of this kind may refuse, before its handler has a say."""
    if operation.get("parameters") or "requestBody" in operation:
        yield Malformed
    if "requestBody" in operation:
        yield from (Undecodable, BodyTooLarge, NotJson)
    if is_guarded(handler):
        yield NotLoggedIn
        if method not in SAFE_METHODS:
            yield CrossSite
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", ())):
        yield NotFound
    if not handler.opt.get("unlimited"):
        yield from (TooManyRequests, Unavailable)


def response_of(refusals: Iterable[type[AppError]]) -> Json:
    refusals = list(refusals)
    response: Json = {
        "description": "\n".join(f"- `{one.code}`: {one.detail}" for one in refusals),
        "content": {
            PROBLEM_JSON: {
                "schema": {"$ref": f"{SCHEMAS}Problem"},
                "examples": {one.code: {"summary": one.detail, "value": example_of(one)} for one in refusals},
            }
        },
    }
    if any(one.retry_after for one in refusals):
        response["headers"] = {
            "Retry-After": {"description": "Seconds after which to try again.", "schema": {"type": "integer"}}
        }
    return response


def example_of(refusal: type[AppError]) -> Json:
    errors = [{"field": "number", "message": "Expected `int` <= 9999"}] if refusal is Malformed else []
    problem = Problem(
        type=f"urn:parlour:problem:{refusal.code}",
        title=TITLES[refusal.status],
        status=refusal.status,
        code=refusal.code,
        detail=refusal.detail,
        instance="/api/…",
        errors=errors,
    )
    example: Json = msgspec.to_builtins(problem)
    return example


def schemas(app: Litestar) -> Json:
    """Every struct that goes over the wire, as msgspec describes it, with our examples."""
    structs = {struct for _, _, handler in operations(app) for struct in structs_of(handler)}
    # Sorted, so that the document is the same after every start.
    ordered = sorted({*structs, Problem}, key=lambda struct: struct.__name__)
    _, described = msgspec.json.schema_components(ordered, ref_template=f"{SCHEMAS}{{name}}")
    for struct in every(ordered):
        mark_times(described[struct.__name__], struct)
    for example in EXAMPLES:
        described[type(example).__name__].setdefault("examples", []).append(msgspec.to_builtins(example))
    return dict(sorted(described.items()))


def structs_of(handler: HTTPRouteHandler) -> Iterator[type[msgspec.Struct]]:
    signature = handler.parsed_fn_signature
    given = [signature.return_type, *([signature.parameters["data"]] if "data" in signature.parameters else [])]
    others = [FieldDefinition.from_annotation(one.data_container) for one in (handler.responses or {}).values()]
    for field in [*given, *others]:
        yield from structs_in(field.annotation)


def structs_in(annotation: Any) -> Iterator[type[msgspec.Struct]]:  # noqa: ANN401  any type at all
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    for inner in get_args(annotation):
        yield from structs_in(inner)


def every(structs: Iterable[type[msgspec.Struct]]) -> set[type[msgspec.Struct]]:
    """These, and those that their fields hold."""
    found: set[type[msgspec.Struct]] = set()
    waiting = list(structs)
    while waiting:
        struct = waiting.pop()
        if struct not in found:
            found.add(struct)
            waiting += [inner for field in msgspec.structs.fields(struct) for inner in structs_in(field.type)]
    return found


def mark_times(schema: Json, struct: type[msgspec.Struct]) -> None:
    """msgspec leaves the format out, because a time without a zone is none in RFC 3339. All of ours have one."""
    for field in msgspec.structs.fields(struct):
        if datetime in {field.type, *get_args(field.type)}:
            described = schema["properties"][field.encode_name]
            for variant in described.get("anyOf", [described]):
                if variant["type"] == "string":
                    variant["format"] = "date-time"


def tidy(value: Any) -> Any:  # noqa: ANN401  any JSON
    """Whole numbers as integers, and patterns as JSON Schema's dialect (ECMA 262) writes them."""
    if isinstance(value, dict):
        return {key: tidy_pattern(one) if key == "pattern" else tidy(one) for key, one in value.items()}
    if isinstance(value, list):
        return [tidy(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return min(int(value), LARGEST_ID)  # Litestar took bounds through a float, which rounds this one up.
    return value


def tidy_pattern(pattern: Any) -> Any:  # noqa: ANN401  A property may be called `pattern` as well.
    return pattern.replace(r"\Z", "$") if isinstance(pattern, str) else tidy(pattern)
