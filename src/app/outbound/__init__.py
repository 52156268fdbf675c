"""Requests to addresses that users have named: push services, webhooks. They reach the public internet alone.

addresses   which address is public, and which URL may be asked at all
posting     the connections of a process, and one POST over them
"""
