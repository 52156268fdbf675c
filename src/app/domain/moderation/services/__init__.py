"""What moderation does, whoever asks.

reports    what members report
queue      the same as moderators work on it
resolving  decisions about reports
showing    reports, people and acts as they are shown
telling    letters to those concerned
"""
