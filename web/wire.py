"""The server's shapes, for TypeScript: `python -m web.wire openapi.json frames.json`, from the top of the checkout.

`openapi.json` is the document at /docs; `frames.json` describes what goes over /ws, in the form of such a document.
`npm run types` makes types of both. They are made anew wherever they are checked, and not kept: a type that was
checked in could be that of an earlier server.
"""

import asyncio
import sys
from pathlib import Path

import httpx
import msgspec

from app.apidocs.frames import HEARD, TOLD, Frames
from app.asgi import create_app
from app.problems import ErrorFrame
from app.settings import Settings

REFERENCE = "#/components/schemas/{name}"
UNREACHED = Settings(
    _env_file=None,
    DATABASE_URL="postgresql://nobody@nowhere/none",
    REDIS_URL="redis://nowhere",
    SECRET_KEY="-" * 32,
    requests_per_minute=0,  # Counting them is all that the document would need Redis for.
)


async def openapi() -> bytes:
    transport = httpx.ASGITransport(create_app(UNREACHED))  # type: ignore[arg-type]  # Litestar has types of ASGI of its own
    async with httpx.AsyncClient(transport=transport, base_url="http://parlour") as client:
        return (await client.get("/docs/openapi.json")).content


def frames() -> bytes:
    """Every frame by its struct's name, and the two unions: `Told` by the client, `Heard` from the server."""
    groups: dict[str, Frames] = {"Told": TOLD, "Heard": (*HEARD, ErrorFrame)}
    _, shapes = msgspec.json.schema_components(
        [one for group in groups.values() for one in group], ref_template=REFERENCE
    )
    for name, group in groups.items():
        shapes[name] = {"oneOf": [{"$ref": REFERENCE.format(name=one.__name__)} for one in group]}
    about = {"title": "Parlour's socket", "version": "1"}
    return msgspec.json.encode({"openapi": "3.1.0", "info": about, "paths": {}, "components": {"schemas": shapes}})


if __name__ == "__main__":
    for path, document in zip(sys.argv[1:], (asyncio.run(openapi()), frames()), strict=True):
        Path(path).write_bytes(document)
