"""What dealers and beacons may do, and when."""

from datetime import timedelta

from app.errors import AppError, NotFound, Unavailable

DEALERS = 16
"""At once, in one lottery. One honest one is enough; each is one more that may stall a draw."""

DRAWS_AHEAD = 5000
"""Dealers may commit to so many draws that nobody has opened yet: 13 years of days, three days of minutes."""

MARGIN_SECONDS = 120
"""Between a close and the beacon's round, unless another is chosen: a close that fails once is made a minute later."""
SHORTEST_MARGIN_SECONDS = 10
LONGEST_MARGIN_SECONDS = 24 * 3600

PATIENCE = timedelta(hours=1)
"""A draw that waits longer for a dealer or a beacon needs an operator."""


class DealerExists(AppError):
    status = 409
    code = "dealer_exists"
    detail = "This lottery has, or had, another dealer of this name. A name stays with its key."


class TooManyDealers(AppError):
    status = 409
    code = "too_many_dealers"
    detail = "This lottery has as many dealers as a lottery may have."


class NoSuchDealer(NotFound):
    code = "no_such_dealer"
    detail = "This lottery has no such dealer."


class CommitmentNotSigned(AppError):
    status = 422
    code = "commitment_not_signed"
    detail = "This is no commitment of this dealer for this draw: its signature does not fit."


class CommittedOtherwise(AppError):
    status = 409
    code = "committed_otherwise"
    detail = "This dealer has committed to another secret for this draw. A commitment never changes."


class DrawOpened(AppError):
    status = 409
    code = "draw_opened"
    detail = "The open record of this draw is written, or the draw is void: it takes no more commitments."


class DrawTooFarAhead(AppError):
    status = 422
    code = "draw_too_far_ahead"
    detail = f"Dealers commit to at most {DRAWS_AHEAD} draws ahead."


class NotDealt(AppError):
    status = 409
    code = "not_dealt"
    detail = "The open record of this draw has no commitment of this dealer."


class SecretDoesNotFit(AppError):
    status = 422
    code = "secret_does_not_fit"
    detail = "This is not the secret that the dealer has committed to."


class BeaconNotChecked(AppError):
    status = 409
    code = "beacon_not_checked"
    detail = "This server cannot check a beacon's signatures. Its operator installs the extra `beacon` for that."


class TooManyBeaconChecks(Unavailable):
    code = "too_many_beacon_checks"
    detail = "Too many signatures of the beacon are being checked. Try again in a few seconds."
    retry_after = 5


class RoundNotAwaited(AppError):
    status = 409
    code = "round_not_awaited"
    detail = "This draw does not wait for this round of the beacon."


class BeaconSignatureWrong(AppError):
    status = 422
    code = "beacon_signature_wrong"
    detail = "This is not the beacon's signature of this round."
