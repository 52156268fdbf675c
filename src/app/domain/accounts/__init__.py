"""Who somebody is: accounts, logging in, tokens, sessions.

commonest      the passwords that everybody tries first
rules          what a username, an email, a password may be; the slice's errors
models         accounts, sessions, refresh tokens, and proofs sent by mail
schemas        what goes over the wire, and Actor, who a request acts for
hashing        Argon2 in a few threads behind a short queue
services       Accounts: register, find, change
login_sessions LoginSessions: open, renew, end
standing       Standing: suspend, lift, appoint
proofs         MailedProofs: one-use tokens that only the reader of a mailbox has
letters        Letters: what is written to whom; mails has the words
tokens         the signed access token (JWT)
ended          which sessions have ended, known in every process within seconds
tickets        one-use tickets for opening a socket
guards         Doorkeeper: who is this request, who is this socket
sockets        an open socket of somebody who is logged in
controllers    /api/users
"""
