"""What moderation does, whoever asks.

reports    what members report, and the queue that it makes
resolving  decisions about reports
showing    reports, people and acts as they are shown
telling    letters to those concerned
"""
