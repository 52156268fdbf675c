"""`/ws`, on the server's side.

opening    whose socket it is, and what it holds for as long as it lives
answering  what each frame of a client does
"""
