"""What an archive holds. A slice with something about people brings its part: a reader, and a line in PARTS.

A table that knows people and is neither in a part nor among the exceptions fails `tests/domain/mydata/test_parts.py`.
"""

from typing import NamedTuple

from app.domain.mydata.services import readers
from app.domain.mydata.services.readers import Read


class Part(NamedTuple):
    name: str
    """`.json` holds one object, `.jsonl` one in each line. `{}` is filled with the page's `place`."""
    tables: frozenset[str]
    read: Read


PARTS = (
    Part("account.json", frozenset({"users"}), readers.account),
    Part("sessions.jsonl", frozenset({"login_sessions"}), readers.logins),
    Part("privacy.json", frozenset({"privacy"}), readers.privacy),
    Part("friends.jsonl", frozenset({"friendships"}), readers.friends),
    Part("blocks.jsonl", frozenset({"blocks"}), readers.blocks),
    Part("conversations.jsonl", frozenset({"conversations", "members"}), readers.conversations),
    Part("messages/{}.jsonl", frozenset({"messages"}), readers.messages),
    Part("changes.jsonl", frozenset({"changes"}), readers.changes),
    Part("invites.jsonl", frozenset({"invites"}), readers.invites),
    Part("files.jsonl", frozenset({"files"}), readers.files),
    Part("bots.jsonl", frozenset({"users"}), readers.bots),
    Part("webhooks.jsonl", frozenset({"outgoing_webhooks"}), readers.webhooks),
    Part("notifications.jsonl", frozenset({"notifications"}), readers.notifications),
    Part("notice-settings.jsonl", frozenset({"notification_settings"}), readers.notification_settings),
    Part("mutes.jsonl", frozenset({"mutes"}), readers.mutes),
    Part("devices.jsonl", frozenset({"push_subscriptions"}), readers.devices),
    Part("reports.jsonl", frozenset({"reports"}), readers.reports),
    Part("statistics.jsonl", frozenset({"tallies"}), readers.statistics),
    Part("achievements.jsonl", frozenset({"achievements"}), readers.achievements),
    Part("plays.jsonl", frozenset({"plays"}), readers.plays),
    Part("epochs.jsonl", frozenset({"epochs"}), readers.epochs),
    Part("rounds.jsonl", frozenset({"rounds"}), readers.rounds),
    Part("picks.jsonl", frozenset({"picks"}), readers.picks),
    Part("ballots.jsonl", frozenset({"ballots"}), readers.ballots),
    Part("ballot-salts.jsonl", frozenset({"ballot_salts"}), readers.ballot_salts),
)

NOT_EXPORTED = {
    "mailed_proofs": "digests of one-use tokens: secrets, gone within days, that say nothing about anybody",
    "ballot_submissions": "the keys of requests; the ballots that they made are exported",
    "api_keys": "digests of secrets; whose they are, the bots, are exported",
    "incoming_webhooks": "digests of secrets; the bots that they speak as are exported",
    "standings": "sums of the plays, which are exported, by day and week",
    "bans": "what groups have decided about people",
    "report_resolutions": "what moderators have decided in their office",
    "audit_entries": "the log of what was done in an office",
    "exports": "the archive itself",
    "erasures": "only of accounts that are closed",
}
"""Table: the reason."""

README = """\
Your data
=========

This archive holds what this server keeps about you: your account, and what you did. It was put together while the
server ran, so the last moments may be missing.

A file that ends with .json holds one object, one that ends with .jsonl an object in each line. Times are UTC.

account.json           who you are
sessions.jsonl         where you were logged in
privacy.json           what you chose to show
friends.jsonl          your friends, and the requests that wait
blocks.jsonl           whom you have blocked
conversations.jsonl    the conversations that you are or were in, and your role there
messages/              what you wrote, a file for each conversation. A deleted message is an empty one
changes.jsonl          your edits with their texts, your deletions and your reactions
invites.jsonl          the links into groups that you made
files.jsonl            your files, their names and sizes; the files themselves are in files/
bots.jsonl             your bots
webhooks.jsonl         your outgoing webhooks
notifications.jsonl    what you were notified of
notice-settings.jsonl  what you chose to be notified of, if you chose anything
mutes.jsonl            conversations that send you no push messages
devices.jsonl          your devices that take push messages
reports.jsonl          what you reported to the moderators
statistics.jsonl       what your plays add up to, in each game and in all (*)
achievements.jsonl     what you have earned with them
plays.jsonl            your plays, with what proves those that had luck
epochs.jsonl           what was committed to for them
rounds.jsonl           the rounds that you began in groups
picks.jsonl            what you picked in rounds, those that you replaced too, and what it won
ballots.jsonl          your ballots, their draws, and whether they won
ballot-salts.jsonl     what shows that ballots are yours, by draw

What others wrote is not in here, not even in conversations with you: it is theirs.
"""
