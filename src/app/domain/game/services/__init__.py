"""The verbs of games.

registry    which games there are
submitting  a move on its way to a worker
turns       a move taken out of the inbox
plays       scoring and counting plays, and what players ask about them
dealing     a seed for each play that needs luck
epochs      chains of seeds, and what they commit to
proofs      plays with all that proves them
sharing     a play shown in a conversation

rounds      rounds in a group: begin one, call it off, find it
chains      the seeds that they are given
clock       by which they close
picking     a pick on its way to a worker
sheets      what a batch of picks comes to: rules, no database
picks       storing picks
due         which rounds are to be ended, and when the next one is
drawing     how a round ends
proving     a round as records that anyone can check
telling     what the group hears of it
showing     what its members see of it
"""
