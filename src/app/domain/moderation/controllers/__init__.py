"""Moderation over HTTP.

reports  what members report
queue    reports as moderators work on them
people   who is suspended, and who has which role
audit    the log of acts of office, for staff
"""
