"""A card to show, of a play that nobody has to have played: chat believes whoever vouches for it."""

from datetime import UTC, datetime

from app.domain.chat.schemas.cards import PlayCard


def play_card(play_id: int = 7, title: str = "Even or odd") -> PlayCard:
    return PlayCard(
        play_id=play_id,
        game="number",
        title=title,
        move={"number": 842},
        outcome={},
        result="win",
        prize=421.0,
        played_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
    )
