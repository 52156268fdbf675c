"""How a list is read: at most so many at a time, after skipping so many."""

from typing import Annotated

from litestar.params import QueryParameter

PAGE = 100
"""The most that one answer holds."""

Limit = Annotated[int, QueryParameter(ge=1, le=PAGE, description="How many at most.")]
Offset = Annotated[int, QueryParameter(ge=0, le=2**31, description="How many to skip.")]
