"""How a person, a time and an amount are shown. A column is shown only if a view names it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette_admin import StringField

from app.domain.accounts.standing import FOR_EVER
from app.domain.game.schemas.plays import as_money

NOBODY = "nobody"


def written(time: datetime) -> str:
    """In UTC, as in the logs and in the API."""
    return "for ever" if time == FOR_EVER else f"{time:%Y-%m-%d %H:%M:%S}"


@dataclass
class Moment(StringField):
    async def serialize_value(self, request: Request, value: datetime) -> str:
        return written(value)


@dataclass
class Amount(StringField):
    """Kept in cents."""

    async def serialize_value(self, request: Request, value: int) -> str:
        return f"{as_money(value):.2f}"


@dataclass
class Person(StringField):
    """By a user's id, or as the API names somebody; with a way to their account."""

    list_template: str = "fields/person.html"
    detail_template: str = "fields/person.html"

    async def serialize_value(self, request: Request, value: Any) -> dict[str, object]:  # noqa: ANN401  either of two
        if isinstance(value, int):
            return {"id": value, "name": request.state.names.get(value, NOBODY)}
        return {"id": value.id, "name": value.username}
