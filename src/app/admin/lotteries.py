"""Lotteries, which staff create, change and end, within what `Offering` allows."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement
from starlette.requests import Request
from starlette_admin import IntegerField, StringField, action, row_action
from starlette_admin.actions import ActionSelection
from starlette_admin.flash import flash

from app.admin.acts import acting, blank_form, form, given, read
from app.admin.fields import Moment
from app.admin.listing import Listing
from app.admin.officers import officer
from app.domain.accounts.standing import StaffRole
from app.domain.lottery.models import Lottery
from app.domain.lottery.schemas.lotteries import LotteryChange, NewLottery
from app.domain.lottery.services.lotteries import STANDING
from app.domain.lottery.services.offering import Offering

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
    row_actions = ("change", "end")

    def search(self, term: str) -> ColumnElement[bool]:
        return Lottery.name.startswith(term, autoescape=True)

    async def is_action_allowed(self, request: Request, name: str) -> bool:
        return name == "create" and officer(request).is_at_least(StaffRole.STAFF)

    async def is_row_action_allowed(self, request: Request, name: str) -> bool:
        return officer(request).is_at_least(StaffRole.STAFF) and await super().is_row_action_allowed(request, name)

    def offers(self, request: Request, name: str, row: Lottery) -> bool:
        return row.ended_at is None and not (name == "end" and row.name in STANDING)

    @action(
        name="create",
        text="New lottery",
        icon_class="fa-solid fa-plus",
        confirmation="Its draws open within a minute. Name and cadence are for good.",
        submit_btn_text="Create",
        modal_size="md",
        form=blank_form("lottery"),
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
