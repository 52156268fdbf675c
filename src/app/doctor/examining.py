"""All checks, in the order in which one would mend things."""

from pathlib import Path

from app.doctor.database import examine_database
from app.doctor.findings import Finding, fine, note
from app.doctor.machine import examine_files, examine_machine
from app.doctor.redis import examine_redis
from app.settings import Settings


async def examine(settings: Settings, state: Path, *, at_rest: bool) -> list[Finding]:
    """`at_rest`: nothing runs over this state but a PostgreSQL that was started to be looked at."""
    found = [fine("settings", f"complete, for {settings.environment}")]
    found += examine_machine(settings, state)
    found.append(await examine_files(settings))
    found += [one async for one in examine_database(settings)]
    if at_rest:
        found.append(note("Redis", "it rests, like the API and the workers", "parlour up, and ask again"))
    else:
        found += [one async for one in examine_redis(settings)]
    return found
