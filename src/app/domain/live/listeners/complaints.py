"""An error frame names what it is about: the message, the play or the conversation."""

from typing import Annotated

import msgspec

from app.domain.chat.schemas.fields import LARGEST_ID
from app.domain.live.schemas import ClientFrame
from app.errors import AppError
from app.problems import error_frame, read_frame


class Names(msgspec.Struct):
    """Of a frame that cannot be read: who sends it until it is answered has to hear which one is refused."""

    client_id: str | None = None
    idempotency_key: str | None = None
    conversation_id: Annotated[int, msgspec.Meta(ge=-LARGEST_ID, le=LARGEST_ID)] | None = None


decode_names = msgspec.json.Decoder(Names).decode


def unread(data: bytes | str) -> Names | None:
    try:
        return read_frame(decode_names, data)
    except AppError:
        return None


def complaint(about: ClientFrame | Names | None, error: AppError) -> str:
    return error_frame(
        error,
        client_id=getattr(about, "client_id", None) or getattr(about, "idempotency_key", None),
        conversation_id=getattr(about, "conversation_id", None),
    )
