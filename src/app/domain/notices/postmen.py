"""Who carries a mail: an SMTP server, or for want of one the log."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from app.domain.notices.models import OutgoingMail
from app.settings import Settings

PATIENCE_SECONDS = 20.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PERMANENT = 500
"""RFC 5321, 4.2.1: from here on the server means it, and asking again changes nothing."""

log = structlog.get_logger()


class Undeliverable(Exception):
    """The mail was refused for good."""


class Postman(Protocol):
    async def carry(self, mail: OutgoingMail, /) -> None:
        """Raises Undeliverable when no further attempt will help, and anything else when one may."""


@dataclass(frozen=True)
class LogPostman:
    """Prints mails while developing. In production the words stay out of the log: they carry tokens."""

    with_words: bool

    async def carry(self, mail: OutgoingMail, /) -> None:
        words = {"body": mail.body} if self.with_words else {}
        log.info("Mail", recipient=mail.recipient, subject=mail.subject, **words)


@dataclass(frozen=True)
class SmtpPostman:
    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    tls: bool
    sender: str

    async def carry(self, mail: OutgoingMail, /) -> None:
        try:
            await aiosmtplib.send(
                self._message(mail),
                hostname=self.host,
                port=self.port,
                username=self.username,
                password=self.password,
                use_tls=self.tls,
                start_tls=self.start_tls,
                timeout=PATIENCE_SECONDS,
            )
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPDataError, aiosmtplib.SMTPSenderRefused) as error:
            if _is_permanent(error):
                raise Undeliverable(str(error)) from error
            raise

    @property
    def start_tls(self) -> bool | None:
        """A password never crosses a network in the clear. Without one (None), TLS is used where the server has it."""
        return True if self.username and not self.tls and self.host not in LOOPBACK else None

    def _message(self, mail: OutgoingMail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = mail.recipient
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.created_at)
        # The same for every attempt, so that a mail that was sent twice can be shown once.
        domain = parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"
        message["Message-ID"] = f"<{mail.id}.{int(mail.created_at.timestamp())}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please.
        if mail.unsubscribe_url:
            message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058: a POST, and no question asked.
        message.set_content(mail.body)
        return message


def postman_of(settings: Settings) -> Postman:
    if settings.smtp_url is None:
        return LogPostman(with_words=settings.environment == "development")
    url = urlsplit(settings.smtp_url.get_secret_value())
    tls = url.scheme == "smtps"
    return SmtpPostman(
        host=url.hostname or "localhost",
        port=url.port or (465 if tls else 587),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        tls=tls,
        sender=settings.mail_from,
    )


def _is_permanent(error: aiosmtplib.SMTPException) -> bool:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(refused.code >= PERMANENT for refused in error.recipients)
    return isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= PERMANENT
