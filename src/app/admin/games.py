"""Plays. Nothing about one is ever changed."""

from sqlalchemy import ColumnElement, func, select
from starlette.requests import Request
from starlette_admin import IntegerField, StringField

from app.admin.fields import Amount, Moment, Person
from app.admin.listing import Listing
from app.domain.accounts.models import User
from app.domain.game.models import Play


def in_words(column: str) -> StringField:
    """A game's own form, as `number 842`."""

    def words(_: Request, play: Play) -> str:
        return ", ".join(f"{name} {value}" for name, value in getattr(play, column).items())

    return StringField(column, getter=words)


class Plays(Listing):
    model = Play
    key = "plays"
    menu_label = "Plays"
    icon = "fa-solid fa-dice"
    search_hint = "Username of the player"
    columns = (
        Play.id,
        Play.user_id,
        Play.game,
        Play.move,
        Play.outcome,
        Play.won,
        Play.prize_cents,
        Play.played_at,
    )
    people = ("user_id",)
    fields = (
        IntegerField("id"),
        Person("user_id", label="Player"),
        StringField("game"),
        in_words("move"),
        in_words("outcome"),
        StringField("won", getter=lambda _, play: "won" if play.won else "lost"),
        Amount("prize_cents", label="Prize"),
        Moment("played_at", label="At"),
    )

    def search(self, term: str) -> ColumnElement[bool]:
        player = select(User.id).where(func.lower(User.username) == term.lower())
        return Play.user_id == player.scalar_subquery()
