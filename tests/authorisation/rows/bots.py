"""The owner's bot; and bots of each role, for who may bring theirs into the group."""

from tests.authorisation.answers import its_owner, logged_in, stewards
from tests.authorisation.row import Row

ROWS = [
    Row("createBot", "POST /api/bots", logged_in(201), {"username": "{new_name}", "name": "A bot"}),
    Row("listBots", "GET /api/bots", logged_in(200)),
    Row("readOwnBot", "GET /api/bots/me", logged_in(404)),
    Row("renameBot", "PATCH /api/bots/{bot}", its_owner(200), {"name": "woodpecker"}),
    Row("deleteBot", "DELETE /api/bots/{fresh_bot}", its_owner(204)),
    Row("putBotIntoGroup", "PUT /api/bots/{fresh_bot}/conversations/{group}", its_owner(204)),
    Row("putBotIntoGroup", "PUT /api/bots/{bot_of_the_actor}/conversations/{group}", stewards(204), case="one's own"),
    Row("takeBotOutOfGroup", "DELETE /api/bots/{bot_in_the_group}/conversations/{group}", its_owner(204)),
    Row("createKey", "POST /api/bots/{bot}/keys", its_owner(201), {"name": "{new_name}", "scopes": ["game"]}),
    Row("listKeys", "GET /api/bots/{bot}/keys", its_owner(200)),
    Row("revokeKey", "DELETE /api/bots/{bot}/keys/{key}", its_owner(204)),
]
