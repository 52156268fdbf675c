"""Conversations in figures. Who is in one, what it is called and what is said in it, an office does not show."""

from sqlalchemy import ColumnElement, false
from starlette_admin import IntegerField, StringField

from app.admin.fields import Moment
from app.admin.listing import Listing, is_id
from app.domain.chat.models import Conversation


class Conversations(Listing):
    model = Conversation
    key = "conversations"
    menu_label = "Conversations"
    icon = "fa-solid fa-comments"
    search_hint = "Its number"
    columns = (
        Conversation.id,
        Conversation.kind,
        Conversation.created_at,
        Conversation.last_seq,
        Conversation.last_activity_at,
        Conversation.retention_days,
        Conversation.ended_at,
    )
    fields = (
        IntegerField("id"),
        StringField("kind"),
        IntegerField("last_seq", label="Events"),
        Moment("created_at", label="Since"),
        Moment("last_activity_at", label="Last event"),
        IntegerField("retention_days", label="Days kept"),
        Moment("ended_at", label="Ended"),
    )

    def search(self, term: str) -> ColumnElement[bool]:
        return Conversation.id == int(term) if is_id(term) else false()
