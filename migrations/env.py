"""What Alembic runs for each command, over the connection that `app.migrating` holds."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from app import migrating


def describe_column_type(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:  # noqa: ANN401  Alembic's own
    """A migration describes the database, so it names the column type that a decorating Python type stands on."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=migrating.metadata(),
    render_item=describe_column_type,
)
with context.begin_transaction():
    context.run_migrations()
