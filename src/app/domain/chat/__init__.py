"""Conversations between two people and in groups, and their messages."""
