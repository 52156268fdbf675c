"""Mail: written in the same transaction as its cause, sent by a worker afterwards.

rules      when to try again, when to give up
models     the outbox table
services   OutgoingMails: write, take, settle
postmen    who carries it: SMTP, or the log
tasks      the worker's round, and the bell that starts it
"""
