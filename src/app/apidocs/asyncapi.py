"""The AsyncAPI document of the sockets, told from the structs that the server decodes and encodes.

As AsyncAPI has it, operations are the server's: it receives what a client sends.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from app.apidocs.bodies import SCHEMAS, describe
from app.apidocs.closing import CLOSE_CODES
from app.apidocs.examples import heard, told
from app.apidocs.frames import ANSWERS, SOCKETS, Socket, name_of
from app.apidocs.tidying import Json, tidy
from app.domain.accounts.scopes import FRAMES, scopes_for
from app.domain.accounts.tickets import TICKET_SECONDS
from app.domain.chat.schemas.fields import LARGEST_ID
from app.domain.live.rules import INTRODUCTION_SECONDS

ABOUT = f"""\
JSON in text frames; binary frames with the same JSON are taken too. Use `/ws` for a new client: it carries everything.
The other two sockets are there for clients of an older form.

**Logging in.** Each socket takes the first of these credentials that there is: `?token=`, `?ticket=`, the header
`Authorization`, the cookie `access`. `/ws` alone may be opened with none of them; its first frame, within
{INTRODUCTION_SECONDS} seconds, is then `authenticate`. The handshake always succeeds, since a browser hides from its
page why one did not: who is not let in is closed right after it, with a code that says why.

**Errors** close nothing: the next frame is answered as usual. `client_id` names the frame that was refused.

**Sending again.** A frame that names itself, by `client_id` or `idempotency_key`, may be sent again after an error with
`retry_after`, a time-out or a lost connection: it happens once, and the answer is the same.

**Resuming.** The events of a conversation are numbered without gaps, and each comes once and in order. Keep the highest
number that you have seen, and reconnect with `resume`: what was missed comes first.

Unknown fields are refused in what you send to `/ws` and `/ws/game/`. In what you hear, pass over unknown fields and
unknown types: some may be added.
"""
LIVE, CHAT, GAME = SOCKETS
KEYS = {LIVE: "live", CHAT: "chat", GAME: "game"}
"""What the document calls each socket; anchors of its page are made of it."""

OPENED_BY = {CHAT: "conversation_socket", GAME: "game_socket"}
"""Which operation a bot's key needs a scope for."""

DESCRIPTIONS = {
    LIVE: "Everything: conversations, plays, draws, friends, notifications.",
    CHAT: "One conversation, for its members. `?after=` sends what was missed since that message first. "
    "To send in it, a bot's key needs `messages:write` besides.",
    GAME: "The number game; every result of the player comes here, of all games.",
}
CREDENTIALS: Json = {
    "token": {
        "type": "httpApiKey",
        "in": "query",
        "name": "token",
        "description": "The `access` token from `POST /api/users/login`. Simple, but URLs end up in logs.",
    },
    "ticket": {
        "type": "httpApiKey",
        "in": "query",
        "name": "ticket",
        "description": f"From `POST /api/users/socket-ticket`: good for {TICKET_SECONDS} seconds and one socket. "
        "The best for a browser.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "For clients that can send headers: the access token, or a bot's API key `plk_…`.",
    },
    "cookie": {
        "type": "httpApiKey",
        "in": "cookie",
        "name": "access",
        "description": "Set by `POST /api/users/login`. It counts with the `Origin` of this server or an allowed one.",
    },
}
"""In the order in which they are looked for."""

QUERY = {
    "token": {"type": "string", "description": "An access token, or a bot's API key."},
    "ticket": {"type": "string", "description": "A ticket for one socket."},
}
AFTER = {
    "type": "integer",
    "minimum": 0,
    "maximum": LARGEST_ID,
    "description": "The last message seen: what came since is sent first.",
}


def describe_sockets(public_url: str, version: str) -> Json:
    """AsyncAPI 3.0. Its payloads keep to the JSON Schema of draft 7, which that version speaks."""
    frames = {frame for socket in SOCKETS.values() for frame in (*socket.told, *socket.heard, socket.error)}
    address = urlsplit(public_url)
    schemas = tidy(without_discriminators(describe(frames)))
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Parlour's sockets", "version": version, "description": ABOUT, "license": {"name": "MIT"}},
        "defaultContentType": "application/json",
        "servers": {
            "here": {
                "host": address.netloc,
                "protocol": "wss" if address.scheme == "https" else "ws",
                "description": "This server.",
                "security": [{"$ref": f"#/components/securitySchemes/{name}"} for name in CREDENTIALS],
            }
        },
        "channels": {KEYS[path]: channel(path, socket) for path, socket in SOCKETS.items()},
        "operations": {name: one for path, socket in SOCKETS.items() for name, one in operations(KEYS[path], socket)},
        "components": {
            "messages": messages(frames, schemas),
            "schemas": schemas,
            "securitySchemes": CREDENTIALS,
        },
    }


def channel(address: str, socket: Socket) -> Json:
    on_it = sorted({frame.__name__ for frame in (*socket.told, *socket.heard, socket.error)})
    query = QUERY | ({"after": AFTER} if address == CHAT else {})
    described: Json = {
        "address": address,
        "title": address,
        "description": DESCRIPTIONS[address],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in on_it},
        "bindings": {
            "ws": {
                "method": "GET",
                "query": {"type": "object", "properties": query},
                "headers": {
                    "type": "object",
                    "properties": {"Authorization": {"type": "string", "description": "`Bearer` and the token."}},
                },
                "bindingVersion": "0.1.0",
            }
        },
        "x-close-codes": [one._asdict() for one in CLOSE_CODES],
    }
    if address == CHAT:
        described["parameters"] = {"conversation_id": {"description": "Which conversation."}}
    if address in OPENED_BY:
        described["x-scopes"] = sorted(scopes_for(OPENED_BY[address]))
    return described


def operations(key: str, socket: Socket) -> Iterator[tuple[str, Json]]:
    """One for each frame that a client may send, with its answers; one for all that it may hear."""
    here = {"$ref": f"#/channels/{key}"}
    for frame in socket.told:
        described: Json = {
            "action": "receive",
            "channel": here,
            "title": name_of(frame),
            "messages": references(key, [frame]),
            "reply": {"channel": here, "messages": references(key, [*ANSWERS[frame], socket.error])},
        }
        if scopes := [scope for scope, tags in FRAMES.items() if frame.__struct_config__.tag in tags]:
            described["x-scopes"] = scopes
        yield f"{key}_{name_of(frame)}", described
    yield (
        f"{key}_hear",
        {
            "action": "send",
            "channel": here,
            "title": "What you hear",
            "messages": references(key, [*socket.heard, socket.error]),
        },
    )


def references(key: str, frames: Sequence[type[Struct]]) -> list[Json]:
    return [{"$ref": f"#/channels/{key}/messages/{frame.__name__}"} for frame in frames]


def messages(frames: set[type[Struct]], schemas: Json) -> Json:
    """By the names of their structs: what is told and what is heard may be of one `type`."""
    examples = defaultdict(list)
    for example in (*told.EXAMPLES, *heard.EXAMPLES):
        payload = msgspec.json.decode(msgspec.json.encode(example))
        if type(example) in ANSWERS:
            payload = without_defaults(payload, schemas[type(example).__name__])
        examples[type(example)].append({"payload": payload})
    return {
        frame.__name__: {
            "name": name_of(frame),
            "title": name_of(frame),
            "description": schemas[frame.__name__]["description"],
            "payload": {"$ref": f"{SCHEMAS}{frame.__name__}"},
            "examples": examples[frame],
        }
        for frame in sorted(frames, key=lambda one: one.__name__)
    }


def without_defaults(payload: Json, schema: Json) -> Json:
    """As a client sends it. (What the server sends is encoded as its struct says.)"""
    fields = schema["properties"]
    return {
        name: one for name, one in payload.items() if "default" not in fields[name] or fields[name]["default"] != one
    }


def without_discriminators(schema: Any) -> Any:  # noqa: ANN401  any JSON
    """They are OpenAPI's; AsyncAPI's are of another form. The tags' constants tell unions apart as well."""
    if isinstance(schema, dict):
        return {name: without_discriminators(one) for name, one in schema.items() if name != "discriminator"}
    if isinstance(schema, list):
        return [without_discriminators(one) for one in schema]
    return schema
