"""Presence and typing: who is here, who may see it, and who is writing. In Redis only, for as long as it is true."""
