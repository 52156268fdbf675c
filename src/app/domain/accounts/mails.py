"""The words of the mails. Plain text; links carry their token behind a #, where no server's log sees it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mail:
    subject: str
    body: str


def welcome(public_url: str, username: str, token: str) -> Mail:
    return Mail(
        subject="Welcome to Parlour",
        body=f"""Hello {username},

your account is ready. Please confirm that this address is yours:

{public_url}/#/verify-email/{token}

The link works for three days. If you did not register, ignore this mail.
""",
    )


def confirm_address(public_url: str, username: str, token: str) -> Mail:
    return Mail(
        subject="Confirm your new address",
        body=f"""Hello {username},

please confirm that this is your new email address:

{public_url}/#/verify-email/{token}

The link works for three days. If you did not ask for this, ignore this mail.
""",
    )


def address_changed(public_url: str, username: str) -> Mail:
    return Mail(
        subject="Your email address was changed",
        body=f"""Hello {username},

your account at {public_url} no longer uses this address. If it was you, there is nothing to do.

If it was not you, somebody knows your password. Log in, change it, and put the address back.
""",
    )


def password_changed(public_url: str, username: str) -> Mail:
    return Mail(
        subject="Your password was changed",
        body=f"""Hello {username},

the password of your account at {public_url} was changed, and other devices were logged out.

If it was not you, set a new one now: {public_url}/#/forgot-password
""",
    )


def password_forgotten(public_url: str, username: str, token: str) -> Mail:
    return Mail(
        subject="Set a new password",
        body=f"""Hello {username},

somebody, hopefully you, wants to set a new password for your account:

{public_url}/#/reset-password/{token}

The link works once, within an hour. If it was not you, ignore this mail: nothing has changed.
""",
    )
