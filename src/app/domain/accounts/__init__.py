"""Who somebody is: accounts, logging in, tokens, sessions.

commonest      the passwords that everybody tries first
scopes         what an API key may be used for
rules          what a username, an email, a password may be; the slice's errors
models         accounts, sessions, refresh tokens, API keys, and proofs sent by mail
schemas        what goes over the wire, and Actor, who a request acts for
hashing        Argon2 in a few threads behind a short queue
services       Accounts: register, find, change
login_sessions LoginSessions: open, renew, end
standing       Standing: suspend, lift, appoint
proofs         MailedProofs: one-use tokens that only the reader of a mailbox has
letters        Letters: what is written to whom; mails has the words
tokens         the signed access token (JWT)
bot_accounts   BotAccounts: users that are programs
api_keys       ApiKeys: how a bot says who it is
known_keys     keys as one process remembers them
ended          which sessions and keys have ended, known in every process within seconds
tickets        one-use tickets for opening a socket
guards         Doorkeeper: who is this request, who is this socket
acting         in whose name an act of office is recorded
sockets        an open socket of somebody who is logged in
controllers    /api/users
"""
