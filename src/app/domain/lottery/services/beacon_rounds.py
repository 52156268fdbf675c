"""Rounds from drand's HTTP endpoints. Their word counts for nothing until the signature is checked."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.fairdraw.beacon import SIGNATURE_BYTES
from app.fairdraw.draws import QUICKNET, BeaconRound
from app.outbound.fetching import NotFetched, fetch

ANSWER_BYTES = 4096


class Answer(Struct):
    """What is read of drand's answer."""

    signature: Annotated[str, Meta(pattern=rf"^[0-9a-fA-F]{{{2 * SIGNATURE_BYTES}}}\Z")]


async def fetch_round(url: str, number: int) -> BeaconRound:
    """Raises NotFetched."""
    place = f"{url}/{QUICKNET}/public/{number}"
    try:
        answer = msgspec.json.decode(await fetch(place, limit=ANSWER_BYTES), type=Answer)
    except msgspec.DecodeError as error:
        raise NotFetched(f"{place}: {error}") from error
    return BeaconRound(number, bytes.fromhex(answer.signature))
