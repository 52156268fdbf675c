"""Why a draw needs an operator, and when one is late."""

from datetime import timedelta
from enum import StrEnum

OVERDUE = timedelta(minutes=2)
"""A draw is held in the minute after it closes. One that waits longer counts as overdue."""


class Reason(StrEnum):
    """An operator is alerted once about a draw for each of them."""

    FAILED = "failed"
    """Ten times."""
    DEALER_MISSING = "dealer_missing"
    """A dealer has not committed, or has not revealed its secret."""
    BEACON_MISSING = "beacon_missing"
    """The round of the beacon that was declared has not come in."""
    SECRET_MISMATCH = "secret_mismatch"  # noqa: S105  the name of a fault
    """The seed that the secret gives is not the one that was committed to."""


ADVICE = {
    Reason.FAILED: (
        "It has failed ten times. The log of the workers says why. It is tried again every hour, and whenever a worker "
        "starts."
    ),
    Reason.DEALER_MISSING: (
        "A dealer has not committed, or not revealed its secret yet. The draw is held as soon as all have; the draw "
        "itself says whom it waits for."
    ),
    Reason.BEACON_MISSING: "The declared round of the beacon has not come in yet. Anyone may hand it in.",
    Reason.SECRET_MISMATCH: (
        "The server's secret does not give the seed that was committed to. Restore the secret that it was opened with."
    ),
}
