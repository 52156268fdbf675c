"""The people of `parlour seed`, what they say to each other, what they play. The same each time."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

PASSWORD = "welcome to the parlour"  # noqa: S105  Of accounts that everybody may use, and says so.


class Someone(NamedTuple):
    first_name: str
    last_name: str
    skin: str
    hair: str
    clothes: str
    background: str
    """Colours of their picture."""
    long_hair: bool


PEOPLE: Mapping[str, Someone] = {
    "ada": Someone("Ada", "Lovelace", "#f0c9a8", "#4a2c1d", "#7a3b69", "#f3d9e5", long_hair=True),
    "grace": Someone("Grace", "Hopper", "#f4d3b5", "#8d8d93", "#24466b", "#d3e3f4", long_hair=False),
    "alan": Someone("Alan", "Turing", "#efc4a0", "#2f2420", "#556b4a", "#dfe8d2", long_hair=False),
    "olena": Someone("Олена", "Киян", "#f5d5b8", "#c98a3c", "#1f6f8b", "#fbe9c4", long_hair=True),
    "mira": Someone("Mira", "Okafor", "#8a5a3c", "#1d1512", "#e0a03a", "#d7efe6", long_hair=True),
    "jonas": Someone("Jonas", "Lind", "#f2cdb0", "#b5622f", "#3d3d52", "#e6e0f5", long_hair=False),
}

FRIENDS = (("ada", "grace"), ("ada", "alan"), ("olena", "ada"), ("mira", "ada"), ("grace", "alan"))


class Said(NamedTuple):
    """Something that was said. With a number, what was played under it is shown."""

    who: str
    text: str
    reactions: Mapping[str, Sequence[str]] = {}
    """Who put which emoji to it."""
    answers: int | None = None
    """Which of the lines before it, from 0."""
    has_photo: bool = False
    played: int | None = None


class Chat(NamedTuple):
    members: Sequence[str]
    """The first one opened it."""
    talk: Sequence[Said]
    name: str | None = None
    """None for a talk of two."""
    topic: str | None = None


CHATS = (
    Chat(
        name="Chess, slowly",
        topic="One move a day. No advice from the sofa.",
        members=("alan", "ada", "mira"),
        talk=(
            Said("alan", "Queen to h5."),
            Said("mira", "Oh no."),
            Said("alan", "No advice from the sofa, please.", {"🤣": ["mira", "ada"]}),
            Said("mira", "That was not advice, that was a sigh."),
        ),
    ),
    Chat(
        members=("olena", "ada"),
        talk=(
            Said("olena", "Рецепт надіслала поштою."),
            Said("ada", "Дякую! Спробую в неділю.", {"❤️": ["olena"]}),
        ),
    ),
    Chat(
        name="The parlour",
        topic="Fridays from seven. Bring a chair.",
        members=("ada", "grace", "alan", "olena", "mira", "jonas"),
        talk=(
            Said("ada", "Friday! Who is coming?", {"🙋": ["grace", "alan", "mira"]}),
            Said("grace", "Here. I am bringing the moth, framed this time.", {"🤣": ["ada", "alan", "jonas"]}),
            Said("olena", "Доброго вечора! Я спекла сирники.", {"❤️": ["ada", "mira", "grace", "jonas"]}),
            Said("jonas", "Save me two, my train comes in at half past seven.", answers=2),
            Said("mira", "The lake, ten minutes ago.", {"🥰": ["ada", "olena"]}, has_photo=True),
            Said("alan", "Has anyone played today? 842 is a good number."),
            Said("ada", "Exactly as the rules say:", {"🎉": ["alan", "grace", "mira"]}, played=842),
            Said("alan", "@ada then the coffee is on you", answers=6),
            Said("jonas", "I tried 9997. Odd, isn't it?", {"🤣": ["grace", "ada"]}),
            Said("mira", "I checked last night's draw on my own laptop. It holds.", {"👍": ["ada", "alan"]}),
            Said("ada", "Good. Then seven o'clock, and @jonas: we are leaving you three."),
        ),
    ),
    Chat(
        members=("grace", "ada"),
        talk=(
            Said("ada", "You are on top of the board again."),
            Said("grace", "For now. Alan has been practising."),
            Said("grace", "See you at seven?"),
        ),
    ),
)
"""The one with the latest word comes last."""

PLAYS: Mapping[str, Sequence[int]] = {
    "ada": (842, 7, 300, 1204),
    "grace": (2998, 13, 640),
    "alan": (2, 601, 904, 1880),
    "olena": (444, 5),
    "mira": (1500, 77, 96),
    "jonas": (9997, 310),
}
BALLOTS: Mapping[str, int] = {"ada": 3, "grace": 1, "olena": 2, "mira": 1, "jonas": 1}
