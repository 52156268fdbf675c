"""The declarative base: one registry, one naming convention for constraints, times in aware UTC."""

from datetime import datetime

from advanced_alchemy.base import CommonTableAttributes
from advanced_alchemy.types import DateTimeUTC
from sqlalchemy import BigInteger, Identity, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

naming = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(CommonTableAttributes, DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=naming),
        type_annotation_map={datetime: DateTimeUTC(timezone=True), int: BigInteger()},
    )


class Numbered(Base):
    """A table whose rows the database numbers from 1."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True, sort_order=-1)
