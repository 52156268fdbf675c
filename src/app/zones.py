"""IANA time zones by their names."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.errors import AppError


class UnknownZone(AppError):
    status = 422
    code = "unknown_zone"
    detail = "This is not an IANA time zone."


def known_zone(name: str) -> ZoneInfo:
    """Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError for a continent, which is a directory.
        raise UnknownZone from error
