"""A small community to look around in.

filling    makes its people talk, play and take part
community  who they are, and what they say and do
pictures   what they look like
"""
