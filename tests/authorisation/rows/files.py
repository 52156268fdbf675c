"""Uploads and avatars. What is attached to messages is in `chat`."""

from tests.authorisation.answers import Role, its_owner, logged_in
from tests.authorisation.row import Row
from tests.domain.files.samples import PDF

ROWS = [
    Row("uploadFile", "POST /api/files", logged_in(201), PDF),
    Row("listFiles", "GET /api/files", logged_in(200)),
    Row("readFile", "GET /api/files/{file}", its_owner(200)),
    Row("readFile", "GET /api/files/{avatar}", logged_in(200, blocked=404), case="an avatar", tells=tuple(Role)),
    Row("readFile", "GET /api/files/{attachment}", logged_in(404, member=200), case="the member's"),
    Row("readFile", "GET /api/files/{picture}", logged_in(404, owner=200), case="the group's picture"),
    Row("readThumbnail", "GET /api/files/{file}/thumbnail", its_owner(200)),
    Row("deleteFile", "DELETE /api/files/{fresh_file}", its_owner(204)),
    Row("deleteFile", "DELETE /api/files/{attachment}", logged_in(404, member=409), case="the member's"),
    Row("chooseAvatar", "PUT /api/users/avatar", its_owner(200), {"file_id": "{fresh_picture}"}),
    Row("dropAvatar", "DELETE /api/users/avatar", logged_in(204), by_a_double=True),
    Row("readAvatar", "GET /api/users/{owner_id}/avatar", logged_in(200, blocked=404)),
]
