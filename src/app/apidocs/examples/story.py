"""When it happens, and whose password it takes."""

from datetime import UTC, date, datetime

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

TODAY, TOMORROW = date(2026, 11, 20), datetime(2026, 11, 21, tzinfo=UTC)

PASSWORD = "trombone-otter-41"  # noqa: S105  nobody's
