"""What a worker stores in one transaction, and what becomes of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.errors import AppError
from app.inbox.accept import Reply

T = TypeVar("T")


class NotStorable(AppError):
    """An entry that passed validation and that PostgreSQL still refuses: a defect of ours, named to its sender."""

    status = 422
    code = "not_storable"
    detail = "This could not be stored, and would not be if sent again."


@dataclass(frozen=True, slots=True)
class Entry:
    """As a process of the API has taken it in."""

    partition: int
    id: bytes
    body: bytes
    reply_to: str
    origin: str

    @classmethod
    def read(cls, partition: int, entry_id: bytes, fields: Mapping[bytes, bytes]) -> "Entry":
        """What a process of the version before has taken in has no origin."""
        origin = fields.get(b"origin", b"").decode()
        return cls(partition, entry_id, fields[b"entry"], fields[b"reply"].decode(), origin)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one entry: the fact that was recorded (now or earlier), or the error that refused it."""

    reply: bytes = b""
    fact: T | None = None
    refusal: AppError | None = None


@dataclass(frozen=True, slots=True)
class Batch(Generic[T]):
    """Entries of some partitions, in the order of each, and one outcome for every one."""

    partitions: Sequence[int]
    entries: Sequence[Entry] = ()
    outcomes: Sequence[Outcome[T]] = ()

    @property
    def facts(self) -> Sequence[T]:
        return [outcome.fact for outcome in self.outcomes if outcome.fact is not None]

    @property
    def refused(self) -> int:
        return sum(outcome.refusal is not None for outcome in self.outcomes)

    def by_partition(self) -> Mapping[int, Sequence[bytes]]:
        """The ids of the entries of each, also of one that had none."""
        ids: dict[int, list[bytes]] = {partition: [] for partition in self.partitions}
        for entry in self.entries:
            ids[entry.partition].append(entry.id)
        return ids

    def replies(self) -> Mapping[str, Sequence[Reply]]:
        """What the clients of each API process wait for, by its channel."""
        replies: defaultdict[str, list[Reply]] = defaultdict(list)
        for entry, outcome in zip(self.entries, self.outcomes, strict=True):
            channel, _, ticket = entry.reply_to.partition("/")
            replies[channel].append(as_reply(ticket, outcome))
        return replies


def as_reply(ticket: str, outcome: Outcome[T]) -> Reply:
    if outcome.refusal:
        return Reply(ticket, outcome.refusal.code, outcome.refusal.detail.encode())
    return Reply(ticket, None, outcome.reply)
