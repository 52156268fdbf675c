"""Conversations and messages: in the group, and in the one-to-one chat of the owner and the blocked."""

from tests.authorisation.answers import Role, insiders, logged_in, stewards
from tests.authorisation.row import Row

CHAT = "/api/chat/conversations"
GROUP = f"{CHAT}/{{group}}"
OF_TWO = logged_in(404, owner=200, blocked=200)
"""A block leaves the two their chat to read."""
STILL_NAMED = (Role.BLOCKED,)
"""With whom they have talked before."""
UNREACHABLE = logged_in(404, owner=403, blocked=403)
THE_MEMBERS = insiders(403, member=200)
REACTION = f"{GROUP}/messages/{{message}}/reactions/%F0%9F%91%8D"

ROWS = [
    Row("createConversation", f"POST {CHAT}", logged_in(201), {"participants": ["{newcomer}"]}),
    Row(
        "createConversation",
        f"POST {CHAT}",
        logged_in(201, member=400, blocked=403),
        {"participants": ["{member_id}"]},
        case="with the member",
    ),
    Row(
        "createConversation",
        f"POST {CHAT}",
        logged_in(201, blocked=404),
        {"participants": ["{member_id}", "{newcomer}"], "name": "Trap"},
        case="a group with the member",
    ),
    Row("listConversations", f"GET {CHAT}", logged_in(200), tells=STILL_NAMED),
    Row("readConversation", f"GET {GROUP}", insiders(200)),
    Row("readConversation", f"GET {CHAT}/{{direct}}", OF_TWO, case="of two", tells=STILL_NAMED),
    Row("openDirectChat", "GET /api/chat/direct/{friend_name}", logged_in(403, owner=200)),
    Row("listMessages", f"GET {GROUP}/messages", insiders(200)),
    Row("listMessages", f"GET {CHAT}/{{direct}}/messages", OF_TWO, case="of two"),
    Row("listEvents", f"GET {GROUP}/events", insiders(200)),
    Row("listEvents", f"GET {CHAT}/{{direct}}/events", OF_TWO, case="of two"),
    Row("sendMessage", f"POST {GROUP}/messages", insiders(201), {"message": "nightingale"}),
    Row("sendMessage", f"POST {CHAT}/{{direct}}/messages", UNREACHABLE, {"message": "hello"}, case="of two"),
    Row("editMessage", f"PATCH {GROUP}/messages/{{message}}", THE_MEMBERS, {"message": "nightingale"}),
    Row("deleteMessage", f"DELETE {GROUP}/messages/{{fresh_message}}", insiders(200)),
    Row("deleteMessage", f"DELETE {GROUP}/messages/{{fresh_owners_message}}", stewards(200), case="of the owner"),
    Row("react", f"PUT {REACTION}", insiders(200)),
    Row("unreact", f"DELETE {REACTION}", insiders(200)),
    Row("readAttachment", f"GET {GROUP}/files/{{attachment}}", insiders(200)),
    Row("readAttachment", f"GET {CHAT}/{{hall}}/files/{{attachment}}", logged_in(404), case="by another group"),
    Row("readAttachmentThumbnail", f"GET {GROUP}/files/{{attachment}}/thumbnail", insiders(200)),
    Row("markRead", f"PUT {GROUP}/read", insiders(200), {"message_id": 1}),
    Row("listReceipts", f"GET {GROUP}/receipts", insiders(200)),
    Row("countUnread", "GET /api/chat/unread", logged_in(200)),
    Row("searchMessages", "GET /api/chat/search?q=nightingale", logged_in(200)),
    Row("searchMessages", "GET /api/chat/search?q=nightingale&conversation_id={group}", insiders(200), case="in one"),
    Row("readConversationPresence", f"GET {GROUP}/presence", insiders(200)),
]
