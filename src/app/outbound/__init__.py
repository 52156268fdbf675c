"""Requests to addresses elsewhere. Those that users have named reach the public internet only.

addresses   which address is public, and which URL may be asked at all
posting     the connections of a process to what users have named, and one POST over them
fetching    one GET from what the operator has named
"""
