"""The verbs of games.

registry    which games there are
submitting  a move on its way to a worker
plays       scoring and counting plays, and what players ask about them
"""
