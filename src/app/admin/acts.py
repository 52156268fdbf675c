"""What an officer does: a form, and one transaction of our services. starlette-admin itself writes nothing."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette_admin.exceptions import ActionFailed

from app.admin.backstage import Backstage
from app.errors import AppError

Shape = TypeVar("Shape")


def form(name: str) -> Callable[..., str]:
    """The fields that an act asks for: `templates/forms/{name}.html`, which knows the row as `row`."""

    def render(request: Request, row: object = None) -> str:
        written: str = request.app.state.templates.get_template(f"forms/{name}.html").render(row=row)
        return written

    return render


async def given(request: Request) -> dict[str, str]:
    """What was filled in. A field that was left empty is left out."""
    fields = await request.form()
    return {name: value.strip() for name, value in fields.items() if isinstance(value, str) and value.strip()}


def read(fields: Mapping[str, Any], shape: type[Shape]) -> Shape:
    """As the API reads it, with the same limits. Raises ActionFailed."""
    try:
        return msgspec.convert(fields, shape)
    except msgspec.ValidationError as error:
        raise ActionFailed(f"{error}.") from error


def moment(written: str | None) -> datetime | None:
    """What a browser's field for a date and a time gives, taken for UTC. Raises ActionFailed."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=UTC) if written else None
    except ValueError as error:
        raise ActionFailed("This is not a time.") from error


@asynccontextmanager
async def acting(request: Request, backstage: Backstage) -> AsyncIterator[AsyncSession]:
    """The transaction of an act. Raises ActionFailed, with the sentence of the error that refused it."""
    await request.state.session.close()  # It has read the row. Two connections at a time could wait for each other.
    try:
        async with backstage.sessions.begin() as session:
            yield session
    except AppError as error:
        raise ActionFailed(error.detail) from error
