"""What presence does.

roll      what Redis knows: who is here on any process
devices   the open sockets of this process, reported to the roll
sight     who may see whom
crowds    how many of a conversation are here
watching  the sockets of this process that hear of others
typing    who is writing
"""
