"""The verbs between people.

pairs        two people as a pair: their order, and taking turns
friendships  who is friends with whom
blocks       who has blocked whom
privacy      what somebody shows, and who may open a chat with them
people       finding people, and what they are to you
showing      friends and blocked people with their names
announcing   what the devices of both hear, after the commit
"""
