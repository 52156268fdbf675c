"""One story in real answers.

Written as the structs themselves, so that an example that no longer fits its schema does not even pass the type check.

story    when it happens, and whose password it takes
talking  accounts, games, conversations, people
drawing  ballots, draws, and what proves them
around   files, presence, notifications, bots, moderation
"""
