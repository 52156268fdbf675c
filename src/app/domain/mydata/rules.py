"""How often, how long and how much: exports and erasures. The slice's errors."""

from datetime import timedelta

from app.errors import AppError, NotFound

EXPORT_EVERY = timedelta(days=1)
"""Until then, asking again answers the export that is there."""

EXPORT_KEPT = timedelta(days=7)
"""Since it is ready. Then it is deleted; it is a copy, and the most sensitive one there is."""

EXPORT_ATTEMPTS = 5
"""Workers that may begin an export. One that killed so many will not be helped by another."""

EXPORTS_AT_ONCE = 2
"""Archives that one worker process writes at the same time: they shall not keep messages waiting."""

CHUNK_BYTES = 1024 * 1024
"""An archive lies in PostgreSQL in pieces of this size, so that neither side ever holds more of it."""

PAGE_ROWS = 100

LEASE = timedelta(minutes=1)
"""How long a worker that says nothing keeps an export or an erasure to itself. Each step renews it."""

EVENTS_AT_ONCE = 200
"""Deletions in one transaction, during which nobody else can write in that conversation."""

LATE_WRITES = timedelta(seconds=30)
"""What was under way when an account was closed may be stored a little later, and a reader may put back into the cache
what it read before. PostgreSQL ends a transaction that says nothing for five seconds; a pass this much later sees all.
"""


class NoExport(NotFound):
    code = "no_export"
    detail = "You have not asked for your data, or it was too long ago. Ask for it with POST."


class ExportNotReady(AppError):
    status = 409
    code = "export_not_ready"
    detail = "Your data is still being put together, or that has failed. See its state."
