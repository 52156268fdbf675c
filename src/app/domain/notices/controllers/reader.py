"""Who is asking, as far as notices have to know: this slice stands below accounts, whose Actor fits."""

from typing import Any, Protocol
from uuid import UUID

from litestar import Request


class Reader(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def session_id(self) -> UUID: ...


ReaderRequest = Request[Reader, Any, Any]
"""The request of somebody who is logged in."""
