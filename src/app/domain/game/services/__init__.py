"""The verbs of games.

registry    which games there are
submitting  a move on its way to a worker
sharing     a play shown in a conversation
plays       scoring and counting plays, and what players ask about them
"""
