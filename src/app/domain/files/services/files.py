"""Files as parts of messages and as avatars: who gets them, and who may read them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, cast
from uuid import UUID

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ARRAY, BigInteger, Uuid, bindparam, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.files.media_types import is_image
from app.domain.files.models import File
from app.domain.files.rules import FileInUse, NoSuchFile, NotAnImage
from app.domain.files.schemas import Attachment
from app.domain.social.services.blocks import Blocks

__all__ = ["Claim", "File", "Files", "NoSuchFile"]

attach = text("""
    UPDATE files SET attached_as = 'message', conversation_id = given.conversation_id,
                     message_id = given.message_id, place = given.place
    FROM unnest(:ids, :conversations, :messages, :places) AS given (id, conversation_id, message_id, place)
    WHERE files.id = given.id
""").bindparams(
    bindparam("ids", type_=ARRAY(Uuid())),
    bindparam("conversations", type_=ARRAY(BigInteger)),
    bindparam("messages", type_=ARRAY(BigInteger)),
    bindparam("places", type_=ARRAY(BigInteger)),
)

RELEASED: dict[str, Any] = {"released_at": func.now(), "client_id": None}


class Claim(NamedTuple):
    """Files that a message is to have, in their order."""

    owner_id: int
    conversation_id: int
    message_id: int
    file_ids: Sequence[UUID]


class Files(SQLAlchemyAsyncRepositoryService[File]):
    class Repo(SQLAlchemyAsyncRepository[File]):
        model_type = File

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def claimable(self, wanted: Collection[tuple[int, UUID]]) -> dict[UUID, Attachment]:
        """Which of these, each with the person who asks for it, are theirs and free? The others are left out.

        Locked until the transaction ends: what is free now can be claimed in it. For whoever has to know before
        numbers are given out.
        """
        files = await self._lock(file_id for _, file_id in wanted)
        free = (files[file_id] for owner, file_id in wanted if file_id in files and files[file_id].owner_id == owner)
        return {file.id: as_attachment(file) for file in free if file.attached_as is None}

    async def claim(self, claims: Sequence[Claim]) -> list[list[Attachment] | None]:
        """Give files to messages, in one statement for all, and answer what each message got.

        All of a claim or, with None, nothing of it: when a file is not there, not the owner's, or another message's,
        also one earlier in this batch. A message that claims its own files again gets them again.
        """
        files = await self._lock(file_id for claim in claims for file_id in claim.file_ids)
        given: dict[UUID, tuple[Claim, int]] = {}
        answers: list[list[Attachment] | None] = []
        for claim in claims:
            found = [files.get(file_id) for file_id in claim.file_ids]
            granted = [file for file in found if file is not None and may_claim(file, claim) and file.id not in given]
            if len(granted) < len(found) or len({file.id for file in granted}) < len(found):
                answers.append(None)
                continue
            given |= {file.id: (claim, place) for place, file in enumerate(granted)}
            answers.append([as_attachment(file) for file in granted])
        if given:
            places = {
                "ids": list(given),
                "conversations": [claim.conversation_id for claim, _ in given.values()],
                "messages": [claim.message_id for claim, _ in given.values()],
                "places": [place for _, place in given.values()],
            }
            await self.session.execute(attach, places)
        return answers

    async def release(self, conversation_id: int, message_ids: Collection[int]) -> None:
        """Of messages that are deleted: nobody can reach their files any more, and the collector removes them."""
        gone = update(File).where(File.conversation_id == conversation_id, File.message_id.in_(message_ids))
        gone = gone.where(File.attached_as == "message", File.released_at.is_(None))
        await self.session.execute(gone.values(RELEASED))

    async def of_messages(self, conversation_id: int, message_ids: Collection[int]) -> dict[int, list[Attachment]]:
        """The files of each message that has some, in their order."""
        found = select(File).where(File.conversation_id == conversation_id, File.message_id.in_(message_ids))
        found = found.where(File.attached_as == "message", File.released_at.is_(None))
        by_message: defaultdict[int, list[Attachment]] = defaultdict(list)
        for file in await self.session.scalars(found.order_by(File.message_id, File.place)):
            by_message[cast("int", file.message_id)].append(as_attachment(file))
        return dict(by_message)

    async def of_message(self, conversation_id: int, file_id: UUID) -> File:
        """A file that a message of this conversation has, for somebody who may read it. Raises NoSuchFile."""
        file = await self._find(file_id)
        if file.attached_as != "message" or file.conversation_id != conversation_id:
            raise NoSuchFile
        return file

    async def readable(self, file_id: UUID, reader_id: int) -> File:
        """One's own, or somebody's avatar if no block stands between the two. Raises NoSuchFile."""
        file = await self._find(file_id)
        if file.owner_id == reader_id:
            return file
        of_a_person = file.attached_as == "avatar" and file.conversation_id is None
        if not of_a_person or await Blocks(session=self.session).stands_between(file.owner_id, reader_id):
            raise NoSuchFile
        return file

    async def of_group(self, conversation_id: int, file_id: UUID) -> File:
        """The picture of a group, for somebody who may see the group. Raises NoSuchFile."""
        file = await self._find(file_id)
        if file.attached_as != "avatar" or file.conversation_id != conversation_id:
            raise NoSuchFile
        return file

    async def claim_avatar(self, owner_id: int, file_id: UUID, *, conversation_id: int | None = None) -> File:
        """Make an image of one's own an avatar: a conversation's, or without one the owner's.

        A repetition changes nothing. Raises NoSuchFile, NotAnImage, FileInUse.
        """
        file = (await self._lock([file_id])).get(file_id)
        if file is None or file.owner_id != owner_id:
            raise NoSuchFile
        if not is_image(file.media_type):
            raise NotAnImage
        if file.attached_as is None:
            file.attached_as, file.conversation_id = "avatar", conversation_id
            await self.session.flush()
        elif (file.attached_as, file.conversation_id) != ("avatar", conversation_id):
            raise FileInUse
        return file

    async def release_avatar(self, file_id: UUID) -> None:
        """When another took its place, or none."""
        gone = update(File).where(File.id == file_id, File.attached_as == "avatar", File.released_at.is_(None))
        await self.session.execute(gone.values(RELEASED))

    async def release_loose(self, owner_id: int) -> None:
        """Uploads of somebody whose account is closed that no message has."""
        gone = update(File).where(File.owner_id == owner_id, File.attached_as.is_(None), File.released_at.is_(None))
        await self.session.execute(gone.values(RELEASED))

    async def _find(self, file_id: UUID) -> File:
        found = select(File).where(File.id == file_id, File.released_at.is_(None))
        file = await self.session.scalar(found)
        if file is None:
            raise NoSuchFile
        return file

    async def _lock(self, file_ids: Iterable[UUID]) -> dict[UUID, File]:
        """In the order of their ids, so that two who want the same ones take turns."""
        wanted = {*file_ids}
        if not wanted:
            return {}
        found = select(File).where(File.id.in_(wanted), File.released_at.is_(None)).order_by(File.id)
        return {file.id: file for file in await self.session.scalars(found.with_for_update())}


def may_claim(file: File, claim: Claim) -> bool:
    place = (file.attached_as, file.conversation_id, file.message_id)
    return file.owner_id == claim.owner_id and place in {
        (None, None, None),
        ("message", claim.conversation_id, claim.message_id),
    }


def as_attachment(file: File) -> Attachment:
    return Attachment(file.id, file.name, file.media_type, file.size, file.width, file.height)
