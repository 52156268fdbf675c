"""What chat does, whoever asks: a controller, a socket, or a worker.

sending        hand a message to the inbox
messages       store a batch of messages; read history
announcing     telling sockets and the cache what was stored
recent         the last messages of a conversation, in Redis
journal        history as the hub reads it, for gaps and for sockets that resume
notifying      who should know of a message beyond those who are there
reading        how far members have read, and what they have not
receipts       who may know how far somebody has read, and telling them
attachments    the files of messages, for those who may read these
veil           what a reader is shown of people with whom they have a block
history        what a member reads, from Redis or PostgreSQL
announcing     what others hear, after the commit
forgetting     what is past its time
showing        conversations as a member sees them
announcing     telling sockets and the cache what was stored
own            what one person has in conversations, for the archive of their data
erasing        taking back what somebody said whose account is closed
conversations  who talks to whom
opening        whether they may
acts           an act in a group: its lock, its rights, its messages
groups         settings, search, the end
members        who comes and who goes
standing       roles, and who is muted
bans           who may not come in
invites        links by which one comes in
"""
