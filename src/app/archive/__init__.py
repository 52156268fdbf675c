"""Backup and restore: everything that an installation is, in one archive, and back.

manifest   what an archive holds, each member with its SHA-256
keys       the secrets, plain or sealed with a passphrase
tables     PostgreSQL's tables out of one snapshot, and into an empty database
packing    writing an archive, member by member
reading    checking an archive, and reading its members
backup     database, files and keys into an archive
restore    an archive into an empty installation
"""
