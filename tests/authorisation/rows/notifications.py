"""The owner's notifications and devices, and everybody's settings."""

from tests.authorisation.answers import Role, everyone, insiders, its_owner, logged_in
from tests.authorisation.row import Row
from tests.authorisation.world import KEYS

NOTIFICATIONS = "/api/notifications"
ONCE_TOLD = (Role.EX_MEMBER,)
"""The group's name, when they were put into it."""
DEVICE = {"endpoint": "{receiver}", "keys": KEYS}

ROWS = [
    Row("listNotifications", f"GET {NOTIFICATIONS}", logged_in(200), tells=ONCE_TOLD),
    Row("countUnreadNotifications", f"GET {NOTIFICATIONS}/unread-count", logged_in(200)),
    Row("markNotificationsRead", f"POST {NOTIFICATIONS}/read", logged_in(200), {"ids": ["{notification}"]}),
    Row("deleteNotification", f"DELETE {NOTIFICATIONS}/{{notification}}", its_owner(204)),
    Row("deleteAllNotifications", f"DELETE {NOTIFICATIONS}", logged_in(204), by_a_double=True),
    Row("readNotificationSettings", f"GET {NOTIFICATIONS}/settings", logged_in(200)),
    Row("changeNotificationSettings", f"PATCH {NOTIFICATIONS}/settings", logged_in(200), {"push": True}),
    Row("listMutes", f"GET {NOTIFICATIONS}/mutes", logged_in(200)),
    Row("muteConversation", f"PUT {NOTIFICATIONS}/mutes/{{group}}", insiders(200)),
    Row("unmuteConversation", f"DELETE {NOTIFICATIONS}/mutes/{{group}}", insiders(204)),
    Row("readPushKey", f"GET {NOTIFICATIONS}/push/key", logged_in(200)),
    Row("subscribeDevice", f"PUT {NOTIFICATIONS}/push/subscriptions", logged_in(200), DEVICE, by_a_double=True),
    Row("listDevices", f"GET {NOTIFICATIONS}/push/subscriptions", logged_in(200)),
    Row("unsubscribeDevice", f"DELETE {NOTIFICATIONS}/push/subscriptions/{{device}}", its_owner(204)),
    Row("unsubscribeFromDigests", f"POST {NOTIFICATIONS}/unsubscribe?token={{unsubscribe_token}}", everyone(200)),
]
