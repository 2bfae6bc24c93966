"""E-mail over SMTP, by Django's own connection, step by step: until the message itself was handed over
nothing was taken; once it was, silence means that it may have been.
"""

from __future__ import annotations

import smtplib
from contextlib import suppress
from dataclasses import dataclass, field

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.core.validators import EmailValidator, ValidationError

from .message import Answer, Message, Outcome

_GOOD, _LATER = 250, 400


@dataclass(frozen=True, slots=True)
class Mail:
    """One SMTP server. It cannot be asked what became of a message."""

    name: str
    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = True
    timeout: float = 10.0
    path: str = "email"

    def send(self, message: Message) -> Answer:
        try:
            EmailValidator()(message.address)
        except ValidationError:
            return self._says(Outcome.REFUSED, "bad_address" if message.address else "no_address")
        server = EmailBackend(
            host=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.tls,
            timeout=self.timeout,
        )
        try:
            server.open()
            server.connection.ehlo_or_helo_if_needed()
            return self._hand_over(server.connection, message)
        except smtplib.SMTPAuthenticationError:
            return self._says(Outcome.REFUSED, "not_allowed")
        except (OSError, smtplib.SMTPException):
            return self._says(Outcome.LATER, "no_connection")
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.close()

    def _hand_over(self, smtp: smtplib.SMTP, message: Message) -> Answer:
        letter = EmailMessage(
            subject=message.subject or message.words[:30],
            body=f"{message.words}\n\n{message.link}" if message.link else message.words,
            from_email=self.sender,
            to=[message.address],
            # The key makes the letter known again, wherever it is kept twice.
            headers={"Message-ID": f"<{message.key}@{self.sender.rpartition('@')[2]}>"},
        )
        for step, told in (
            (smtp.mail, sanitize_address(self.sender, "utf-8")),
            (smtp.rcpt, sanitize_address(message.address, "utf-8")),
        ):
            code, _words = step(told)
            if code >= _LATER:
                return self._refused(code, at_address=step == smtp.rcpt)
        text = letter.message().as_bytes(linesep="\r\n")
        try:
            code, _words = smtp.data(text)
        except smtplib.SMTPDataError as error:
            # It would not even begin to take it.
            return self._refused(error.smtp_code, at_address=False)
        except (OSError, smtplib.SMTPException):
            return self._says(Outcome.UNKNOWN, "timeout")
        if code == _GOOD:
            return self._says(Outcome.SENT, reference=message.key)
        return self._refused(code, at_address=False)

    def _refused(self, code: int, *, at_address: bool) -> Answer:
        if code < 500:
            return self._says(Outcome.LATER, f"smtp_{code}")
        return self._says(Outcome.REFUSED, "bad_address" if at_address else "rejected")

    def ask(self, key: str) -> Answer:
        return self._says(Outcome.UNKNOWN, "cannot_say")

    def _says(self, outcome: Outcome, reason: str = "", **told) -> Answer:
        return Answer(outcome, reason=reason, channel=self.name, **told)
