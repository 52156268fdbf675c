"""What decides, without a framework.

kinds        what a notice may be about, and how much of a text it quotes
mail         when a mail is tried again, when it is given up
push         what becomes of a push after its service has answered
disturbing   whether a push may disturb its reader now
digests      when a digest is due
"""
