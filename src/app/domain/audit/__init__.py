"""Who did what to whom by virtue of their office: written with the act itself, and never changed.

models     the log
services   Audit: record, read
"""
