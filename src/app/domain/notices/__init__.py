"""What somebody should know: in the app, on their devices, by mail. Written with its cause, sent by workers afterwards.

rules          when to disturb, to try again, to give up, to mail a digest
models         notifications, devices, settings, mutes, and the outboxes of pushes and mails
schemas        what goes over the wire
words          the words of a push and of a digest
vapid          the key pair that pushes are signed with
unsubscribing  the token in a digest's link
parcels        a push between its outbox and its courier
couriers       who carries pushes: encrypted, to push services
postmen        who carries mails: SMTP, or the log
services       notifications, devices, pushes, preferences, digests, mail
tasks          the workers' rounds, the bells that start them, and telling what is new
controllers    /api/notifications

The lowest slice: the others notify through `services.notifications` and tell through `tasks.telling`.
"""
