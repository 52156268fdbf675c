"""The shapes of chat, over HTTP, on sockets, and on the way through the inbox.

fields         what ids and texts from clients may look like
cards          what a message shows besides its text
entries        what travels through the inbox
events         what happens in a conversation, in one sequence
messages       reading and writing messages over HTTP
conversations  conversations over HTTP
groups         groups, their members, bans and invites over HTTP
reading        how far somebody has read
own            what one person has in conversations, for the archive of their data
sockets        the frames of a conversation's own socket
"""
