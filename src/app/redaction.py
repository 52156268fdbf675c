"""What is never written down: secrets that we give out, which begin with a name of ours, and people's rows."""

import re

SECRET = re.compile(r"\b(plk|plh|whsec)_[\w+/=-]+", re.ASCII)
"""API keys, the URLs of incoming webhooks, and what outgoing ones are signed with."""

ROW = re.compile(
    r"DETAIL:.*?(?=\n(?:HINT:|\[SQL:|\nThe above exception was|\nDuring handling of the above)|\Z)", re.DOTALL
)
"""What PostgreSQL adds to a constraint's name: the values of the row. To the end, or to what Python goes on with."""


def redacted(text: str) -> str:
    return SECRET.sub(r"\1_…", text)


def without_rows(text: str) -> str:
    """An error's text, or its traceback's."""
    return ROW.sub("DETAIL: …", text)
