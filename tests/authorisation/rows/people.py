"""Friends, blocks, and what one shows of oneself. For the blocked, the owner is not there."""

from tests.authorisation.answers import its_owner, logged_in
from tests.authorisation.row import Row

FRIENDS = "/api/friends"

ROWS = [
    Row("listFriends", f"GET {FRIENDS}", logged_in(200)),
    Row("removeFriend", f"DELETE {FRIENDS}/{{fresh_friend}}", its_owner(204)),
    Row("listReceivedRequests", f"GET {FRIENDS}/requests/received", logged_in(200)),
    Row("listSentRequests", f"GET {FRIENDS}/requests/sent", logged_in(200)),
    Row("requestFriend", f"POST {FRIENDS}/requests", logged_in(201), {"username": "{newcomer_name}"}),
    Row(
        "requestFriend",
        f"POST {FRIENDS}/requests",
        logged_in(201, owner=400, blocked=404),
        {"username": "{owner_name}"},
        case="of the owner",
    ),
    Row("acceptFriend", f"POST {FRIENDS}/requests/{{suitor}}/accept", its_owner(200)),
    Row("dropFriendRequest", f"DELETE {FRIENDS}/requests/{{suitor}}", its_owner(204)),
    Row("listBlocks", "GET /api/blocks", logged_in(200)),
    Row("blockPerson", "PUT /api/blocks/{newcomer}", logged_in(200)),
    Row("unblockPerson", "DELETE /api/blocks/{newcomer}", logged_in(204)),
    Row("searchPeople", "GET /api/users/search?q={owner_name}", logged_in(200)),
    Row("readPerson", "GET /api/users/{owner_id}", logged_in(200, blocked=404)),
    Row("readPrivacy", "GET /api/users/privacy", logged_in(200)),
    Row("changePrivacy", "PATCH /api/users/privacy", logged_in(200), {"typing": True}),
    Row("readPresence", "GET /api/presence?users={owner_id}", logged_in(200)),
]
