"""What workers do with notices, and the bells that start them.

telling   after a commit: the frame to open sockets, the bell for the pushes
pushes    Pusher: sends what is due; tidying up
digests   the round of the digests
mail      the postman's round
"""
