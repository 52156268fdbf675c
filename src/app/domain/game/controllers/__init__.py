"""Games over HTTP.

plays    the number game where the documents have it, and every play there was
games    which games there are, and a move in any of them
proofs   what is committed to before a play, and what proves it afterwards
sharing  a play shown in a conversation
rounds   rounds that a group plays together
"""
