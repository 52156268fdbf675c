"""The public log, its proofs, and the verifier."""

from importlib.resources import files
from typing import Annotated

import msgspec
from litestar import Controller, MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter
from litestar.response import Stream

from app.domain.lottery.controllers.named import PUBLIC
from app.domain.lottery.rules import NotInTheLog
from app.domain.lottery.schemas import Consistency, LogHead, LogPage, LogRecordView, RecordProof
from app.domain.lottery.services.log import Log, key_of
from app.domain.lottery.services.proofs import whole_log
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

RECORDS = 50
LARGEST = 2**62
"""So far the sums of positions stay within a bigint."""

Size = Annotated[int, QueryParameter(ge=1, le=LARGEST, description="How many records the log had.")]
Position = Annotated[int, PathParameter(ge=0, le=LARGEST)]
decode = msgspec.json.Decoder(dict).decode


class LogController(Controller):
    path = "/api/lottery"
    tags = ("Lottery",)

    @get("/log", opt=PUBLIC)
    async def read_log(self, sessions: NamedDependency[Sessions], settings: NamedDependency[Settings]) -> LogHead:
        """How long the log is, its signed checkpoint, and the key that checks the signature."""
        key = key_of(settings)
        async with sessions() as session:
            log = Log(session=session)
            size = await log.size()
            checkpoint = await log.checkpoint(size) if size else None
        return LogHead(log=key.origin, size=size, checkpoint=checkpoint, key=key.verifier_key)

    @get("/log/records", opt=PUBLIC)
    async def list_records(
        self,
        sessions: NamedDependency[Sessions],
        start: Annotated[int, QueryParameter(ge=0, le=LARGEST)] = 0,
        limit: Limit = RECORDS,
    ) -> LogPage:
        """The log, oldest record first, from position `start` on."""
        async with sessions() as session:
            log = Log(session=session)
            records, size = await log.records(start, limit), await log.size()
        return LogPage(
            records=[
                LogRecordView(
                    position=record.position, kind=record.kind, logged_at=record.logged_at, record=decode(record.body)
                )
                for record in records
            ],
            next=start + limit if start + limit < size else None,
        )

    @get("/log/file", opt=PUBLIC)
    async def download_log(self, sessions: NamedDependency[Sessions]) -> Stream:
        """The whole log as one file, for `verify-all`."""
        return Stream(
            whole_log(sessions),
            media_type=MediaType.JSON,
            headers={"Content-Disposition": 'attachment; filename="log.json"'},
        )

    @get("/log/checkpoint", media_type=MediaType.TEXT, opt=PUBLIC | refuses(NotInTheLog))
    async def read_checkpoint(self, sessions: NamedDependency[Sessions], size: Size) -> Response[str]:
        """The signed note of when the log had so many records (C2SP tlog-checkpoint)."""
        async with sessions() as session:
            note = await Log(session=session).checkpoint(size)
        return Response(note, media_type=MediaType.TEXT)

    @get("/log/records/{position:int}/proof", opt=PUBLIC | refuses(NotInTheLog))
    async def read_record_proof(
        self, sessions: NamedDependency[Sessions], position: Position, size: Size
    ) -> RecordProof:
        """The proof that a record is in the log of this size (RFC 9162, 2.1.3)."""
        async with sessions() as session:
            log = Log(session=session)
            path = await log.inclusion(position, size)
            return RecordProof(
                position=position, path=[hashed.hex() for hashed in path], checkpoint=await log.checkpoint(size)
            )

    @get("/log/consistency", opt=PUBLIC | refuses(NotInTheLog))
    async def read_consistency(self, sessions: NamedDependency[Sessions], old: Size, new: Size) -> Consistency:
        """The proof that the log of `new` records begins with that of `old`, whose checkpoint you kept (2.1.4)."""
        async with sessions() as session:
            log = Log(session=session)
            path = await log.consistency(old, new)
            return Consistency(
                old=await log.checkpoint(old),
                new=await log.checkpoint(new),
                path=[hashed.hex() for hashed in path],
            )

    @get("/verifier", media_type="text/x-python", opt=PUBLIC)
    async def download_verifier(self) -> Response[bytes]:
        """The verifier: one file of Python that needs nothing else. `python3 verifier.py FILE` checks a draw."""
        return Response(
            files("app.fairdraw").joinpath("verifier.py").read_bytes(),
            media_type="text/x-python",
            headers={"Content-Disposition": 'attachment; filename="verifier.py"'},
        )
