"""What proves a play that had luck: the bytes are those of docs/fairdraw-format.md, "Provable plays"."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Hex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="32 bytes.")]
NonceBy = Literal["player", "server"]


class NextSeed(Struct):
    """What is committed to for the play that comes next."""

    epoch: int
    n: int
    commitment: Hex


class Proof(Struct):
    """Where a play's luck came from."""

    epoch: int
    n: int
    commitment: Annotated[str, Meta(description="The seed before this one, which you had before.")]
    seed: Annotated[str, Meta(description="Hashes to the commitment.")]
    nonce: Hex
    nonce_by: NonceBy
    entropy: Annotated[str, Meta(description="The hash of it all, from which the luck follows.")]
    next: NextSeed


class EpochView(Struct):
    """A chain of seeds for your plays in one game."""

    game: str
    epoch: int
    genesis: Annotated[str, Meta(description="Keep it: every seed of the epoch hashes down to it.")]
    length: Annotated[int, Meta(description="Plays after which the next epoch begins by itself.")]
    played: int
    next: Annotated[NextSeed | None, Meta(description="Null when the epoch has ended.")]
    begun_at: datetime
    ended_at: datetime | None


class ProvenPlay(Struct):
    n: int
    seed: Hex
    nonce: Hex
    nonce_by: NonceBy
    move: Annotated[dict[str, Any], Meta(description="Without nonce and epoch.")]
    entropy: Hex
    outcome: dict[str, Any]
    prize_cents: int


class PlaysFile(Struct):
    """Plays of one epoch with all that proves them, for any program to check."""

    format: Literal["fairdraw-plays/1"]
    game: str
    player: Annotated[int, Meta(description="Your id.")]
    epoch: int
    genesis: Hex
    plays: Sequence[ProvenPlay]
