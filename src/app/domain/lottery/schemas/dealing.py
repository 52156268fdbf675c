"""What dealers and beacons hand in, and what everybody may know of it. Byte strings are lower-case hex."""

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.domain.lottery.rules.dealing import LONGEST_MARGIN_SECONDS, MARGIN_SECONDS, SHORTEST_MARGIN_SECONDS
from app.domain.lottery.schemas import Hash, LotteryName
from app.fairdraw.draws import QUICKNET
from app.fairdraw.levels import Level

DEALER_NAME = r"^[a-z0-9-]{1,30}\Z"
DealerName = Annotated[str, Meta(pattern=DEALER_NAME, examples=["alice"])]
LARGEST = 2**63 - 1


class NewDealer(Struct, kw_only=True, forbid_unknown_fields=True):
    name: DealerName
    public_key: Hash
    """Ed25519, as `parlour dealer init` prints it."""


class NewBeacon(Struct, kw_only=True, forbid_unknown_fields=True):
    margin: Annotated[int, Meta(ge=SHORTEST_MARGIN_SECONDS, le=LONGEST_MARGIN_SECONDS)] = MARGIN_SECONDS
    """Seconds. The round that decides is the first that is made later than so long after the close."""


class SignedCommitment(Struct, kw_only=True, forbid_unknown_fields=True):
    commitment: Hash
    """`H(T("dealer") ‖ u64 draw ‖ secret)`."""
    signature: Annotated[str, Meta(pattern=r"^[0-9a-f]{128}\Z", examples=["e7" * 64])]
    """The dealer's, over `T("dealing") ‖ canon({lottery, draw, dealer, commit})`."""


class RevealedSecret(Struct, kw_only=True, forbid_unknown_fields=True):
    secret: Hash


class BeaconRound(Struct, kw_only=True, forbid_unknown_fields=True):
    round: Annotated[int, Meta(ge=1, le=LARGEST)]
    signature: Annotated[str, Meta(pattern=r"^[0-9a-f]{96}\Z", examples=["b4" * 48])]
    """As drand's endpoints answer it."""


class DrawSpan(Struct, kw_only=True):
    """The draws from number `first` to number `last`."""

    first: int
    last: int


class DealerView(Struct, kw_only=True):
    name: str
    public_key: Hash
    added_at: dt.datetime
    removed_at: dt.datetime | None
    """Since then, draws open without them."""
    committed: list[DrawSpan]
    """The coming draws that they have committed to."""


class BeaconView(Struct, kw_only=True):
    margin: int
    """Seconds between the close of a draw and its round, at least."""
    net: str = QUICKNET


class LotteryDealers(Struct, kw_only=True):
    lottery: LotteryName
    coming: int
    """The number of the first draw that takes commitments."""
    level: Level
    """Of the draws that open from now on."""
    level_proves: str
    level_does_not_prove: str
    beacon: BeaconView | None
    dealers: list[DealerView]


class DealingView(Struct, kw_only=True):
    """A dealer's part in one draw."""

    dealer: str
    state: Literal["awaited", "committed", "revealed"]
    """Awaited: they have not committed, and the draw is not opened without. Their secret is in the draw's result."""
    commitment: Hash | None
    committed_at: dt.datetime | None
    revealed_at: dt.datetime | None
