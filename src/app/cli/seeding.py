"""`parlour seed`: a small community to look around in. Doing it again changes nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from app.cli import state as state_of

if TYPE_CHECKING:  # Heavy imports belong to the command.
    from app.resources import Sessions
    from app.settings import Settings

PASSWORD = "welcome to the parlour"  # noqa: S105  Of accounts that everybody may use, and says so.
PEOPLE = {
    "ada": ("Ada", "Lovelace"),
    "grace": ("Grace", "Hopper"),
    "alan": ("Alan", "Turing"),
    "olena": ("Олена", "Киян"),
}
GROUP = "The parlour"
TALK = (
    ("ada", "Welcome! Is everybody here?"),
    ("grace", "Here. I brought a moth."),
    ("olena", "Доброго вечора 👋"),
    ("alan", "Has anyone played today? 842 is a good number."),
    ("ada", "421.00 for me, exactly as the rules say."),
)
PLAYS = {"ada": (842, 7, 300), "grace": (9998, 13), "alan": (2, 601, 904)}
BALLOTS = {"ada": 3, "grace": 1, "olena": 2}


@click.command()
@state_of.option
def seed(state: Path) -> None:
    """Fill a development server: demo users, friends, a group, some plays and ballots. Again, it changes nothing."""
    import asyncio  # noqa: PLC0415

    from app.resources import open_resources  # noqa: PLC0415

    settings = state_of.read_settings(state)
    if settings.environment == "production":
        raise click.ClickException("Not in production: everybody knows the password of these accounts.")

    async def fill() -> None:
        async with open_resources(settings) as resources:
            ids = await register(resources.sessions, settings)
            await befriend(resources.sessions, ids)
            await talk(resources.sessions, ids)
            await play(resources.sessions, settings, ids)
            await enter_draw(resources.sessions, settings, ids)

    asyncio.run(fill())
    click.echo(f"{', '.join(PEOPLE)}: all with the password '{PASSWORD}'.")


async def register(sessions: "Sessions", settings: "Settings") -> dict[str, int]:
    from app.domain.accounts.hashing import Passwords  # noqa: PLC0415
    from app.domain.accounts.services import Accounts  # noqa: PLC0415

    ids, passwords = {}, Passwords(settings)
    for username, (first_name, last_name) in PEOPLE.items():
        password_hash = await passwords.hash(PASSWORD)
        async with sessions.begin() as session:
            accounts = Accounts(session=session)
            person = await accounts.find_by_username(username) or await accounts.register(
                username=username,
                email=f"{username}@example.org",
                password_hash=password_hash,
                first_name=first_name,
                last_name=last_name,
            )
            ids[username] = person.id
    passwords.close()
    return ids


async def befriend(sessions: "Sessions", ids: dict[str, int]) -> None:
    from app.domain.social.services.friendships import Friendships  # noqa: PLC0415

    async with sessions.begin() as session:
        friendships = Friendships(session=session)
        for one, other in (("ada", "grace"), ("ada", "alan"), ("olena", "ada")):
            if not await friendships.are_friends(ids[one], ids[other]):
                await friendships.request(ids[one], ids[other])
                await friendships.accept(ids[other], ids[one])


async def talk(sessions: "Sessions", ids: dict[str, int]) -> None:
    """Straight into PostgreSQL: the row that numbers come from is locked, as it is for a worker."""
    import msgspec  # noqa: PLC0415

    from app.domain.chat.schemas.entries import Draft  # noqa: PLC0415
    from app.domain.chat.services.conversations import Conversations  # noqa: PLC0415
    from app.domain.chat.services.messages import Messages  # noqa: PLC0415

    async with sessions.begin() as session:
        conversations = Conversations(session=session)
        mine = await conversations.list_of(ids["ada"], limit=100, offset=0)
        group = next((one for one in mine if one.name == GROUP), None)
        if group is None:
            group = await conversations.open_group(ids["ada"], ids.values(), GROUP, joinable=True)
        drafts = [Draft(group.id, ids[sender], f"seed-{n}", said) for n, (sender, said) in enumerate(TALK)]
        await Messages(session=session).record([msgspec.msgpack.encode(draft) for draft in drafts])


async def play(sessions: "Sessions", settings: "Settings", ids: dict[str, int]) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    from app.days import today  # noqa: PLC0415
    from app.domain.game.games.number import NumberMove, game  # noqa: PLC0415
    from app.domain.game.services.plays import Plays  # noqa: PLC0415
    from app.domain.game.services.submitting import entry_of  # noqa: PLC0415

    entries = [
        entry_of(ids[one], game, NumberMove(number=number), f"seed-{number}")
        for one, numbers in PLAYS.items()
        for number in numbers
    ]
    now = datetime.now(UTC)
    async with sessions.begin() as session:
        await Plays(session=session).record(
            entries, now, today(now, settings.zone_of_days), secret=settings.seed_secret
        )


async def enter_draw(sessions: "Sessions", settings: "Settings", ids: dict[str, int]) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    from app.domain.lottery.schemas import SubmitBallots  # noqa: PLC0415
    from app.domain.lottery.services.ballots import Ballots  # noqa: PLC0415

    for username, count in BALLOTS.items():
        async with sessions.begin() as session:
            await Ballots(session=session).submit(
                ids[username], SubmitBallots(count=count), key="seed", settings=settings, now=datetime.now(UTC)
            )
