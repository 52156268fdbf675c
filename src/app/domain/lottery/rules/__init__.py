"""What decides, without a framework; here, what the slice refuses.

cadences   how a lottery divides time into periods, one for each draw
opening    which draws are open
audience   who may take part
minutes    what is done in which minute: attempts at a draw, and the countdown to its close
alerts     why a draw needs an operator
dealing    dealers and beacons
"""

from app.errors import AppError, Forbidden, NotFound

BALLOTS_PER_REQUEST = 100

CHAIN_LENGTH = 100_000
"""Draws under one seed chain: 273 years of days, ten weeks of minutes. Then the next chain begins."""


class DrawClosed(AppError):
    status = 409
    code = "draw_closed"
    detail = "This draw takes no more ballots."


class DateTooFarAhead(AppError):
    status = 422
    code = "date_too_far_ahead"
    detail = "This draw takes no ballots yet."


class NoSuchDate(AppError):
    """The zone skips it, as Apia did 2011-12-30, or it was skipped when the lottery changed its zone."""

    status = 422
    code = "no_such_date"
    detail = "This lottery has no draw on this date."


class TooManyBallots(AppError):
    status = 409
    code = "too_many_ballots"
    detail = "You have as many ballots for this draw as one person may have."


class NotVerified(Forbidden):
    code = "email_not_verified"
    detail = "Only who has verified their email address may take part in this draw."


class NotOfTheGroup(Forbidden):
    code = "not_of_the_group"
    detail = "Only members of a certain group may take part in this draw."


class NoncesMiscounted(AppError):
    status = 422
    code = "nonces_miscounted"
    detail = "Give a nonce for each ballot, or none."


class NotAWinner(AppError):
    status = 409
    code = "not_a_winner"
    detail = "This ballot has not won."


class DrawNotHeldYet(AppError):
    status = 409
    code = "draw_not_held_yet"
    detail = "This draw has not been held yet."
    retry_after = 60


class DrawHeld(AppError):
    status = 409
    code = "draw_held"
    detail = "This draw has been held. Nothing can undo it."


class DrawNotClosedYet(AppError):
    status = 409
    code = "draw_not_closed_yet"
    detail = "The ballots of this draw are not frozen yet."
    retry_after = 60


class SeedsDoNotMatchError(RuntimeError):
    """The draw secret is not the one that the lottery is committed to. For operators: nobody else can mend it."""


class NotInTheLog(NotFound):
    code = "not_in_the_log"
    detail = "The log has no such record, or was never of this size."


class LotteryEnded(AppError):
    status = 409
    code = "lottery_ended"
    detail = "This lottery has ended."


class LotteryExists(AppError):
    status = 409
    code = "lottery_exists"
    detail = "There is, or was, another lottery of this name."


class StandingLottery(AppError):
    status = 409
    code = "standing_lottery"
    detail = "`daily` always runs, and `minute` follows its setting: nobody creates or ends them."


class CadenceRefused(AppError):
    status = 422
    code = "cadence_refused"
    detail = "A cadence is `daily`, `weekly:` and a day, or `minutes:` and a number that divides a day's 1440."


class NoSuchGroup(AppError):
    """Also to an administrator who is not in it."""

    status = 422
    code = "no_such_group"
    detail = "There is no such group, or you are not in it."
