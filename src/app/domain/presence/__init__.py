"""Presence and typing: who is here, who may see it, and who is writing. Kept in Redis only, for as long as it is true."""
