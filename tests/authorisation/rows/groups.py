"""The group, its members and its invites. Anybody may join the hall, and nobody the group."""

from tests.authorisation.answers import group_owner, insiders, logged_in, stewards
from tests.authorisation.row import Row

GROUPS = "/api/chat/groups"
GROUP = f"{GROUPS}/{{group}}"
FRESH = f"{GROUPS}/{{fresh_group}}"
HALL = f"{GROUPS}/{{hall}}"

ROWS = [
    Row("createGroup", f"POST {GROUPS}", logged_in(201), {"name": "Clockmakers", "joinable": False}),
    Row("listGroups", f"GET {GROUPS}", logged_in(200)),
    Row("readGroup", f"GET {GROUP}", insiders(200)),
    Row("readGroup", f"GET {HALL}", logged_in(200), case="that is open"),
    Row("changeGroup", f"PATCH {GROUP}", stewards(200), {"topic": "nightingale"}),
    Row("changeGroup", f"PATCH {FRESH}", group_owner(200), {"retention_days": 30}, case="its retention"),
    Row("chooseGroupPicture", f"PUT {FRESH}/picture", stewards(200), {"file_id": "{picture_of_the_actor}"}),
    Row("dropGroupPicture", f"DELETE {FRESH}/picture", stewards(204)),
    Row("readGroupPicture", f"GET {GROUP}/picture", insiders(200)),
    Row("deleteGroup", f"DELETE {FRESH}", group_owner(204)),
    Row("joinGroup", f"POST {GROUP}/join", insiders(200)),
    Row("joinGroup", f"POST {HALL}/join", logged_in(200), case="that is open"),
    Row("leaveGroup", f"POST {FRESH}/leave", insiders(204)),
    Row("readGroupSocket", f"GET {GROUP}/socket", insiders(200)),
    Row("createInvite", f"POST {FRESH}/invites", insiders(201), {}),
    Row("listInvites", f"GET {GROUP}/invites", insiders(200)),
    Row("revokeInvite", f"DELETE {HALL}/invites/{{fresh_invite}}", stewards(204, member=404)),
    Row("previewInvite", "GET /api/chat/invites/{invite_token}", logged_in(200)),
    Row("acceptInvite", "POST /api/chat/invites/{invite_token}/accept", logged_in(200)),
    Row("listMembers", f"GET {GROUP}/members", insiders(200)),
    Row("addMember", f"PUT {FRESH}/members/{{newcomer}}", insiders(200)),
    Row(
        "addMember",
        f"PUT {FRESH}/members/{{blocked_id}}",
        insiders(200, owner=404, member=404),
        case="whom the actor has blocked",
    ),
    Row("removeMember", f"DELETE {FRESH}/members/{{member_id}}", stewards(204)),
    Row("removeMember", f"DELETE {FRESH}/members/{{admin_id}}", group_owner(204), case="an admin"),
    Row("removeMember", f"DELETE {FRESH}/members/{{owner_id}}", insiders(403), case="the owner"),
    Row("changeRole", f"PUT {FRESH}/members/{{member_id}}/role", group_owner(200), {"role": "admin"}),
    Row("transferGroup", f"POST {FRESH}/transfer", group_owner(200), {"user_id": "{member_id}"}),
    Row("muteMember", f"PUT {FRESH}/members/{{member_id}}/mute", stewards(200), {"seconds": 60}),
    Row("muteMember", f"PUT {FRESH}/members/{{admin_id}}/mute", group_owner(200), {"seconds": 60}, case="an admin"),
    Row("unmuteMember", f"DELETE {FRESH}/members/{{member_id}}/mute", stewards(204)),
    Row("listBans", f"GET {GROUP}/bans", stewards(200)),
    Row("banMember", f"PUT {FRESH}/bans/{{member_id}}", stewards(204)),
    Row("banMember", f"PUT {FRESH}/bans/{{owner_id}}", insiders(403), case="the owner"),
    Row("unbanMember", f"DELETE {FRESH}/bans/{{newcomer}}", stewards(204)),
]
