"""The verbs of games.

registry    which games there are
submitting  a move on its way to a worker
turns       a move taken out of the inbox
plays       scoring and counting plays, and what players ask about them
dealing     a seed for each play that needs luck
epochs      chains of seeds, and what they commit to
proofs      plays with all that proves them
"""
