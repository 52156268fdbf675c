"""The OpenAPI document, told from the handlers themselves: who may ask, what is refused, what each body looks like.

Litestar writes the frame: paths, parameters, successes. Bodies are described by msgspec, which reads and writes them.
Refusals are the AppErrors that a handler's `refuses` declares, and those that every handler of its kind has.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from http import HTTPStatus

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from app.apidocs.bodies import SCHEMAS, describe_bodies
from app.apidocs.examples.drawing import FILES
from app.apidocs.tidying import KINDS, Json, tidy
from app.bodies import TAKES, NotJson
from app.domain.accounts.guards import (
    SAFE_METHODS,
    CrossSite,
    NotModerator,
    NotStaff,
    moderators_only,
    staff_only,
)
from app.domain.accounts.scopes import EVERY_KEY, MissingScope, scopes_for
from app.errors import AppError, NotFound, NotLoggedIn, TooManyRequests, Unavailable
from app.problems import PROBLEM_JSON, REFUSES, BodyTooLarge, Malformed, Problem, Undecodable

BEARER, COOKIE, KEY = "bearer", "cookie", "key"
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
    KEY: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "plk_…",
        "description": "An API key of a bot, from `POST /api/bots/{bot_id}/keys`, with one of the scopes named here.",
    },
}
REQUEST_ID = "9f1c2a7e5b3d4860"
"""In examples: not that of whoever asked first."""

GUARDS = {moderators_only: NotModerator, staff_only: NotStaff}
"""What each lets nobody else do."""


def complete(document: Json, app: Litestar) -> Json:
    """What Litestar generated for the application, made true. Changes and returns the document."""
    responses: dict[str, Json] = {}
    for path, method, handler in operations(app):
        describe(document["paths"][path][method], handler, method.upper(), responses)
    document.pop("security", None)
    document["paths"] = dict(sorted(document["paths"].items()))
    document["components"] = {
        "schemas": describe_bodies(handler for _, _, handler in operations(app)),
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
    operation["security"] = security_of(handler)
    operation.pop("deprecated", None)
    for parameter in operation.get("parameters", ()):
        describe_parameter(parameter)
    if takes_json(handler):
        operation["requestBody"]["required"] = handler.parsed_fn_signature.parameters["data"].is_required
        if TAKES in handler.opt:
            references = [{"$ref": f"{SCHEMAS}{shape.__name__}"} for shape in handler.opt[TAKES]]
            schema = {"oneOf": references} if len(references) > 1 else references[0]
            operation["requestBody"]["content"] = {"application/json": {"schema": schema}}
    success = operation["responses"][str(handler.status_code)]
    success["description"] = handler.response_description or HTTPStatus(handler.status_code).phrase
    success.pop("headers", None)
    if handler.status_code == HTTPStatus.NO_CONTENT:
        success.pop("content", None)
    for content in success.get("content", {}).values():
        describe_file(content, handler.handler_name)
    by_status: defaultdict[int, list[type[AppError]]] = defaultdict(list)
    for refusal in dict.fromkeys([*handler.opt.get(REFUSES, ()), *implied_refusals(operation, handler, method)]):
        by_status[refusal.status].append(refusal)
    for status, refusals in sorted(by_status.items()):
        name = "Or".join(sorted(refusal.__name__ for refusal in refusals))
        responses[name] = response_of(refusals)
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{name}"}
    operation["responses"] = dict(sorted(operation["responses"].items()))


def security_of(handler: HTTPRouteHandler) -> list[Json]:
    """Any one of these opens it; none for what nobody has to log in for."""
    if not is_guarded(handler):
        return []
    name = handler.handler_name
    keys: list[Json] = [{KEY: []}] if name in EVERY_KEY else [{KEY: [scope]} for scope in sorted(scopes_for(name))]
    return [{BEARER: []}, {COOKIE: []}, *keys]


def is_guarded(handler: HTTPRouteHandler) -> bool:
    return not handler.opt.get("exclude_from_auth")


def takes_json(handler: HTTPRouteHandler) -> bool:
    return "data" in handler.parsed_fn_signature.parameters


def describe_file(content: Json, name: str) -> None:
    """What no struct describes is sent as it is: a file of ours, with an example, or whatever it is."""
    if name in FILES:
        content["example"] = FILES[name]
        content["schema"] = {"type": KINDS[type(FILES[name])]}
    elif not content["schema"]:
        content["schema"] = {"type": "string", "format": "binary"}


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
    if takes_json(handler):
        yield from (Undecodable, BodyTooLarge, NotJson)
    if is_guarded(handler):
        yield from (NotLoggedIn, MissingScope)
        yield from (refusal for guard, refusal in GUARDS.items() if guard in handler.resolve_guards())
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
    problem = Problem.of(refusal(), "/api/…", errors)
    problem.request_id = REQUEST_ID
    example: Json = msgspec.to_builtins(problem)
    return example
