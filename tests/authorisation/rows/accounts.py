"""Oneself: entering, one's profile and sessions, one's data."""

from tests.authorisation.answers import everyone, its_owner, logged_in
from tests.authorisation.row import Row
from tests.people import PASSWORD

CHOICE = {"current_password": PASSWORD, "new_password": "another horse battery"}
FAREWELL = {"password": PASSWORD, "messages": "keep_as_deleted_account"}

ROWS = [
    Row("register", "POST /api/users/register", everyone(201), {"username": "{new_name}", "password": PASSWORD}),
    Row("logIn", "POST /api/users/login", everyone(200), {"username": "{newcomer_name}", "password": PASSWORD}),
    Row("refreshTokens", "POST /api/users/token/refresh", everyone(200), {"refresh": "{refresh}"}),
    Row("verifyToken", "POST /api/users/token/verify", everyone(200), {"token": "{access}"}),
    Row("logOut", "POST /api/users/logout", logged_in(204), by_a_double=True),
    Row("verifyEmail", "POST /api/users/email/verify", everyone(204), {"token": "{email_proof}"}),
    Row("sendPasswordLink", "POST /api/users/password/forgot", everyone(202), {"email": "somebody@example.com"}),
    Row(
        "resetPassword",
        "POST /api/users/password/reset",
        everyone(204),
        {"token": "{reset_proof}", "new_password": CHOICE["new_password"]},
    ),
    Row("readProfile", "GET /api/users/profile", logged_in(200)),
    Row("changeProfile", "PATCH /api/users/profile", logged_in(200), {"last_name": "Doe"}),
    Row("changePassword", "POST /api/users/password", logged_in(204), CHOICE, by_a_double=True),
    Row("issueSocketTicket", "POST /api/users/socket-ticket", logged_in(200)),
    Row("listSessions", "GET /api/users/sessions", logged_in(200)),
    Row("endSession", "DELETE /api/users/sessions/{own_session}", its_owner(204)),
    Row("endSessions", "DELETE /api/users/sessions", logged_in(204), by_a_double=True),
    Row("startExport", "POST /api/users/me/export", logged_in(202), by_a_double=True),
    Row("readExport", "GET /api/users/me/export", its_owner(200)),
    Row("downloadExport", "GET /api/users/me/export/download", its_owner(200)),
    Row("eraseAccount", "POST /api/users/me/erase", logged_in(204), FAREWELL, by_a_double=True),
]
