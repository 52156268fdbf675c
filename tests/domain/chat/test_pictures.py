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


async def pictures_of(shown: Player, *, seen_by: Player, group: int) -> list[str | None]:
    """In a conversation, among the members, and in their profile: none where there is none."""
    http = seen_by.http
    conversation = (await http.get(f"/api/chat/conversations/{group}")).json()
    members = (await http.get(f"/api/chat/groups/{group}/members")).json()
    profile = (await http.get(f"/api/users/{shown.id}")).json()
    found = [one for one in [*conversation["participants"], *members, profile] if one.get("id") == shown.id]
    return [one.get("avatar_id") for one in found]


async def test_wherever_somebody_is_shown_their_picture_is_known(player: Register) -> None:
    ada, ben = await player("ada"), await player("ben")
    people = {"participants": [ben.id], "name": "Chess"}
    group = (await ada.http.post("/api/chat/conversations", json=people)).json()["id"]
    assert await pictures_of(ada, seen_by=ben, group=group) == [None] * 3

    picture = await upload(ada, "red")
    await ada.http.put("/api/users/avatar", json={"file_id": picture})
    await ben.http.post("/api/friends/requests", json={"username": ada.username})

    assert await pictures_of(ada, seen_by=ben, group=group) == [picture] * 3
    asked = (await ben.http.get("/api/friends/requests/sent")).json()
    found = (await ben.http.get("/api/users/search", params={"q": ada.username})).json()
    own = (await ada.http.get("/api/users/profile")).json()
    assert [one["avatar_id"] for one in (*asked, *found, own)] == [picture] * 3
    assert (await ben.http.get(f"/api/users/{ada.id}/avatar")).status_code == 200


@pytest.mark.parametrize("blocker", ["ada", "ben"])
async def test_across_a_block_nobody_is_told_of_a_picture_that_they_may_not_see(player: Register, blocker: str) -> None:
    ada, ben = await player("ada"), await player("ben")
    people = {"participants": [ben.id], "name": "Chess"}
    group = (await ada.http.post("/api/chat/conversations", json=people)).json()["id"]
    await ada.http.put("/api/users/avatar", json={"file_id": await upload(ada, "red")})
    who, whom = (ada, ben) if blocker == "ada" else (ben, ada)
    await who.http.put(f"/api/blocks/{whom.id}")
    assert set(await pictures_of(ada, seen_by=ben, group=group)) == {None}
    assert (await ben.http.get(f"/api/users/{ada.id}/avatar")).status_code == 404


async def test_a_list_of_groups_knows_their_pictures(player: Register) -> None:
    owner, stranger = await player("owner"), await player("stranger")
    group = (await owner.http.post("/api/chat/groups", json={"name": owner.username})).json()["id"]
    picture = await upload(owner, "red")
    await owner.http.put(f"/api/chat/groups/{group}/picture", json={"file_id": picture})
    [listed] = (await stranger.http.get("/api/chat/groups", params={"q": owner.username})).json()
    assert listed["picture_id"] == picture
    assert (await stranger.http.get(f"/api/chat/groups/{group}/picture")).status_code == 200
