class Trouble(Exception):
    """Why a duty could not be done. Its sentence is for the dealer, who reads it in a mail of cron."""
