"""John's account: his profile, his password, and where he is logged in."""

from datetime import timedelta
from uuid import UUID

from msgspec import Struct

from app.apidocs.examples.story import NOON, PASSWORD
from app.apidocs.examples.talking import ACCESS
from app.domain.accounts import schemas as accounts

MAILED = "Yk3m0q7vXJ2c9wT5b8RzL1nE6sHaPfGd"

EXAMPLES: tuple[Struct, ...] = (
    accounts.Profile(
        id=1,
        username="johndoe",
        email="john@example.com",
        email_verified=True,
        first_name="John",
        last_name="Doe",
        is_staff=False,
        is_moderator=False,
        avatar_id=None,
        created_at=NOON,
    ),
    accounts.ProfileChange(first_name="Johnny"),
    accounts.ProfileChange(email="john.doe@example.com", current_password=PASSWORD),
    accounts.PasswordChange(current_password=PASSWORD, new_password="a-longer-trombone-42"),  # noqa: S106  nobody's
    accounts.ForgottenPassword(email="john@example.com"),
    accounts.PasswordReset(token=MAILED, new_password="a-longer-trombone-42"),  # noqa: S106  nobody's
    accounts.EmailProof(token=MAILED),
    accounts.TokenToVerify(token=ACCESS),
    accounts.Nothing(),
    accounts.Ticket(ticket="8Qm2vX5kT0c7wJ9b", expires_in=30),
    accounts.OpenSession(
        id=UUID("019aa0f0-11d2-7b3e-9f10-6c2f8d1a4e55"),
        created_at=NOON,
        last_used_at=NOON + timedelta(minutes=14),
        expires_at=NOON + timedelta(days=30),
        user_agent="Firefox on a phone",
        address="192.0.2.7",
        current=True,
    ),
)
