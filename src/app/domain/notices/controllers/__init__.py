"""Everything under /api/notifications.

notifications   the list: read, mark as read, delete
push            the server's key, and the devices that take pushes
preferences     settings, muted conversations, the end of digests
reader          who is asking
"""
