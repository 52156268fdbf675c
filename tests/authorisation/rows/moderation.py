"""Reports by anybody; what becomes of them, by moderators and staff. The standing report is about the member."""

from tests.authorisation.answers import Role, insiders, logged_in, moderators, staff
from tests.authorisation.row import Row

USERS = "/api/moderation/users"
REPORTS = "/api/moderation/reports"
SPAM = {"kind": "message", "conversation_id": "{group}", "message_id": "{message}", "reason": "spam"}
OFFICE = (Role.STAFF, Role.MODERATOR)
"""A report shows them what it is about."""
SUSPENSION = {"until": None, "reason": "Spam"}

ROWS = [
    Row("fileReport", "POST /api/reports", insiders(201, owner=200, member=400), SPAM),
    Row(
        "fileReport",
        "POST /api/reports",
        logged_in(201),
        {"kind": "user", "user_id": "{newcomer}", "reason": "spam"},
        case="of a person",
    ),
    Row("listOwnReports", "GET /api/reports/mine", logged_in(200)),
    Row("listReports", f"GET {REPORTS}", moderators(200)),
    Row("readReport", f"GET {REPORTS}/{{report}}", moderators(200), tells=OFFICE),
    Row("readReportedFile", f"GET {REPORTS}/{{report}}/files/{{attachment}}", moderators(200)),
    Row("resolveReport", f"POST {REPORTS}/{{fresh_report}}/resolve", moderators(200), {"action": "dismiss"}),
    Row("listAccounts", f"GET {USERS}", moderators(200)),
    Row("readAccount", f"GET {USERS}/{{member_id}}", moderators(200)),
    Row("suspendAccount", f"POST {USERS}/{{newcomer}}/suspend", moderators(200), SUSPENSION),
    Row("suspendAccount", f"POST {USERS}/{{staff_id}}/suspend", logged_in(403), SUSPENSION, case="of staff"),
    Row("liftSuspension", f"POST {USERS}/{{newcomer}}/lift", moderators(200)),
    Row("liftSuspension", f"POST {USERS}/{{staff_id}}/lift", logged_in(403), case="of staff"),
    Row("appoint", f"PUT {USERS}/{{newcomer}}/role", staff(200), {"role": "moderator"}),
    Row("appoint", f"PUT {USERS}/{{newcomer}}/role", logged_in(403), {"role": "staff"}, case="to staff"),
    Row("listAuditEntries", "GET /api/moderation/audit", staff(200)),
]
