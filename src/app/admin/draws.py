"""Draws, which nobody changes. What is shown of one is what everybody may read."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select
from starlette.requests import Request
from starlette_admin import IntegerField, StringField

from app.admin.fields import Moment
from app.admin.listing import Listing
from app.domain.accounts.standing import StaffRole
from app.domain.lottery.models import Draw, Lottery
from app.domain.lottery.services.results import Results, state_of


def winners_in_words(request: Request, _: Draw) -> str | None:
    """Those who want to be named, and the ballots of the others."""
    return ", ".join(one.username or f"ballot {one.ballot_id}" for one in request.state.draw.winners) or None


def state_in_words(_: Request, draw: Draw) -> str:
    return state_of(draw, datetime.now(UTC))


class Draws(Listing):
    model = Draw
    key = "draws"
    menu_label = "Draws"
    icon = "fa-solid fa-trophy"
    least = StaffRole.MODERATOR
    search_hint = "Name of the lottery"
    columns = (
        Draw.id,
        Draw.lottery_id,
        Draw.number,
        Draw.period,
        Draw.ballots,
        Draw.prizes,
        Draw.attempts,
        Draw.closes_at,
        Draw.drawn_at,
        Draw.voided_at,
    )
    fields = (
        IntegerField("id"),
        StringField("lottery", getter=lambda request, draw: request.state.lotteries[draw.lottery_id]),
        IntegerField("number"),
        StringField("period"),
        StringField("state", getter=state_in_words),
        IntegerField("ballots"),
        IntegerField("prizes"),
        IntegerField("attempts"),
        Moment("closes_at", label="Closes"),
        Moment("drawn_at", label="Drawn"),
        StringField("winners", getter=winners_in_words, exclude_from_list=True),
    )

    def search(self, term: str) -> ColumnElement[bool]:
        return Draw.lottery_id == select(Lottery.id).where(Lottery.name == term).scalar_subquery()

    async def prepare(self, request: Request, rows: Sequence[Draw]) -> Sequence[Draw]:
        named = select(Lottery.id, Lottery.name).where(Lottery.id.in_({row.lottery_id for row in rows}))
        request.state.lotteries = {row.id: row.name for row in await request.state.session.execute(named)}
        return rows

    async def look_closer(self, request: Request, row_id: int) -> None:
        request.state.draw = await Results(session=request.state.session).of_draw(row_id, datetime.now(UTC))
