"""One story in real answers.

Written as the structs themselves, so that an example that no longer fits its schema does not even pass the type check.

story     when it happens, and whose password it takes
talking   accounts, games, conversations, people
drawing   lotteries, ballots, draws, and what proves them
together  rounds, and plays that are shared
around    files, presence, notifications, bots, moderation
told      what is said on the sockets
heard     what is heard there
"""
