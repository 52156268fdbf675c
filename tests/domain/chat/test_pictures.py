"""A group's picture: chosen by its admins, seen by those who may see the group, told in its sequence."""

from io import BytesIO

import pytest
from PIL import Image
from tests.clients import Player
from tests.conftest import Register

pytestmark = pytest.mark.anyio


async def upload(player: Player, colour: str) -> str:
    image = BytesIO()
    Image.new("RGB", (40, 30), colour).save(image, "PNG")
    answer = await player.http.post("/api/files", params={"name": f"{colour}.png"}, content=image.getvalue())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_admins_choose_a_picture_and_members_see_it(player: Register) -> None:
    owner, member, stranger = await player("owner"), await player("member"), await player("stranger")
    people = {"participants": [member.id], "name": "Chess"}
    group = (await owner.http.post("/api/chat/conversations", json=people)).json()["id"]
    path = f"/api/chat/groups/{group}/picture"
    assert (await member.http.get(path)).json()["code"] == "no_such_file"
    red, blue = await upload(owner, "red"), await upload(owner, "blue")
    theirs = await upload(member, "green")
    assert (await member.http.put(path, json={"file_id": theirs})).json()["code"] == "not_allowed_here"
    assert (await owner.http.put(path, json={"file_id": theirs})).json()["code"] == "no_such_file"
    for file in (red, red, blue):
        assert (await owner.http.put(path, json={"file_id": file})).status_code == 200
    seen = await member.http.get(path)
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/webp")
    assert (await stranger.http.get(path)).status_code == 404
    shown = (await member.http.get(f"/api/chat/conversations/{group}")).json()
    assert shown["picture_id"] == blue
    told = (await member.http.get(f"/api/chat/conversations/{group}/messages")).json()["messages"]
    assert [(one["kind"], one["content"]) for one in told] == [("picture_changed", red), ("picture_changed", blue)]
    assert (await owner.http.get(f"/api/files/{red}")).status_code == 404, "the one before is given up"
    assert (await owner.http.delete(path)).status_code == 204
    assert (await member.http.get(path)).status_code == 404
