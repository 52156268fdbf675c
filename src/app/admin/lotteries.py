"""Lotteries, which staff create, change and end; and their draws, which nobody changes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from starlette.requests import Request
from starlette_admin import IntegerField, StringField, action, row_action
from starlette_admin.actions import ActionSelection
from starlette_admin.flash import flash
from starlette_admin.types import RowActionsDisplayType

from app.admin.acts import acting, form, given, read
from app.admin.fields import Moment
from app.admin.listing import Listing
from app.admin.officers import officer
from app.domain.accounts.standing import StaffRole
from app.domain.lottery.models import Draw, Lottery
from app.domain.lottery.schemas.lotteries import LotteryChange, NewLottery
from app.domain.lottery.services.lotteries import STANDING
from app.domain.lottery.services.offering import Offering
from app.domain.lottery.services.results import Results, state_of

NUMBERS = ("prizes", "ballots_per_user")


def as_asked(fields: dict[str, str]) -> dict[str, Any]:
    """What a form gives as text, and the API takes as numbers."""
    return {name: int(value) if name in NUMBERS and value.isdecimal() else value for name, value in fields.items()}


class Lotteries(Listing):
    model = Lottery
    key = "lotteries"
    menu_label = "Lotteries"
    icon = "fa-solid fa-ticket"
    least = StaffRole.MODERATOR
    search_hint = "How its name begins"
    columns = (
        Lottery.id,
        Lottery.name,
        Lottery.title,
        Lottery.cadence,
        Lottery.zone,
        Lottery.prizes,
        Lottery.ballots_per_user,
        Lottery.audience,
        Lottery.created_at,
        Lottery.ended_at,
    )
    fields = (
        IntegerField("id"),
        StringField("name"),
        StringField("title"),
        StringField("cadence"),
        StringField("zone"),
        IntegerField("prizes"),
        IntegerField("ballots_per_user", label="Ballots each"),
        StringField("audience"),
        Moment("created_at", label="Since"),
        Moment("ended_at", label="Ended"),
    )
    actions = ("create",)
    row_actions = ("view", "change", "end")
    row_actions_display_type = RowActionsDisplayType.KEBAB

    def get_search_query(self, request: Request, term: str) -> ColumnElement[bool]:
        return Lottery.name.startswith(term, autoescape=True)

    async def is_action_allowed(self, request: Request, name: str) -> bool:
        return officer(request).is_at_least(StaffRole.STAFF)

    async def is_row_action_allowed(self, request: Request, name: str) -> bool:
        return name == "view" or await self.is_action_allowed(request, name)

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Lottery) -> bool:
        return name == "view" or (obj.ended_at is None and not (name == "end" and obj.name in STANDING))

    @action(
        name="create",
        text="New lottery",
        icon_class="fa-solid fa-plus",
        confirmation="Its draws open within a minute. Name and cadence are for good.",
        submit_btn_text="Create",
        modal_size="md",
        form=form("lottery"),
        allow_empty_selection=True,
        dedicated_button=True,
    )
    async def create_lottery(self, request: Request, _: ActionSelection) -> None:
        wanted = read(as_asked(await given(request)), NewLottery)
        async with acting(request, self.backstage) as session:
            lottery = await Offering(session).create(officer(request).by, wanted, datetime.now(UTC))
        flash(request, f"The lottery {lottery.name} takes ballots.", "success")

    @row_action(
        name="change",
        text="Change",
        icon_class="fa-solid fa-pen",
        confirmation="The title counts at once, all else for draws that are opened later. What is left empty stays.",
        submit_btn_text="Change",
        modal_size="md",
        form=form("lottery"),
    )
    async def change(self, request: Request, pk: str) -> None:
        change = read(as_asked(await given(request)), LotteryChange)
        name = await self._name_of(request, pk)
        async with acting(request, self.backstage) as session:
            await Offering(session).change(officer(request).by, name, change)
        flash(request, f"The lottery {name} is changed.", "success")

    @row_action(
        name="end",
        text="End",
        icon_class="fa-solid fa-flag-checkered",
        confirmation="It takes no more ballots and opens no more draws, for good. What is open is still drawn. End it?",
        submit_btn_text="End it for good",
    )
    async def end(self, request: Request, pk: str) -> None:
        name = await self._name_of(request, pk)
        async with acting(request, self.backstage) as session:
            await Offering(session).end(officer(request).by, name, datetime.now(UTC))
        flash(request, f"The lottery {name} has ended.", "success")

    async def _name_of(self, request: Request, pk: str) -> str:
        """Empty for one that is not there, which the service refuses."""
        lottery = await self.find_by_pk(request, pk)
        return lottery.name if lottery else ""


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

    def get_search_query(self, request: Request, term: str) -> ColumnElement[bool]:
        return Draw.lottery_id == select(Lottery.id).where(Lottery.name == term).scalar_subquery()

    async def prepare(self, request: Request, rows: Sequence[Draw]) -> Sequence[Draw]:
        named = select(Lottery.id, Lottery.name).where(Lottery.id.in_({row.lottery_id for row in rows}))
        request.state.lotteries = {row.id: row.name for row in await request.state.session.execute(named)}
        return rows

    async def look_closer(self, request: Request, row_id: int) -> None:
        request.state.draw = await Results(session=request.state.session).of_draw(row_id, datetime.now(UTC))
