"""The verbs of notices.

notifications   Notifications: notify, list, mark read, delete
devices         Devices: which take pushes
pushes          Pushes: take, settle, tidy
preferences     Preferences: settings and muted conversations
digests         Digests: who is due one, and writing it
mail            OutgoingMails: write, take, settle
"""
