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


def form(name: str) -> Callable[[Request, object], str]:
    """The fields that an act on a row asks for: `templates/forms/{name}.html`, which knows the row as `row`."""

    def render(request: Request, row: object) -> str:
        return written(request, name, row)

    return render


def blank_form(name: str) -> Callable[[Request], str]:
    """The same for an act on none."""

    def render(request: Request) -> str:  # With a second argument, starlette-admin would give it the view.
        return written(request, name, None)

    return render


def written(request: Request, name: str, row: object) -> str:
    html: str = request.app.state.templates.get_template(f"forms/{name}.html").render(row=row)
    return html


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
