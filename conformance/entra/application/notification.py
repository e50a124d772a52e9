"""Notification mail, written to a maildir instead of being sent."""

from __future__ import annotations

import mailbox
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from conformance.entra.errors import ConfigError

SENDER: Final = "azure-noreply@microsoft.com"


@dataclass(frozen=True, slots=True)
class Mailer:
    """Writes mail to one address into a maildir; without an address, or without the box ticked, none is written."""

    folder: Path
    address: str = ""
    wanted: bool = False

    def send(self, subject: str, text: str, at: datetime) -> None:
        """One mail; raises ConfigError where the maildir cannot be written, or the address is none."""
        if not (self.address and self.wanted):
            return
        try:
            self._box().add(self._message(subject, text, at))
        except OSError as error:
            raise ConfigError(f"{self.folder}: mail cannot be written there: {error}") from error

    def _message(self, subject: str, text: str, at: datetime) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["Subject"] = SENDER, " ".join(_clean(subject).split())
        message["Date"] = format_datetime(at)
        try:
            message["To"] = self.address
        except (ValueError, IndexError) as error:
            raise ConfigError(f"{self.address!r} is no address; right is one such as ops@fabrik.example") from error
        message.set_content(_clean(text))
        return message

    def _box(self) -> mailbox.Maildir:
        for each in ("tmp", "new", "cur"):
            (self.folder / each).mkdir(mode=0o700, parents=True, exist_ok=True)
        return mailbox.Maildir(self.folder)


def _clean(text: str) -> str:
    """The text without lone surrogates, which no mail can carry."""
    return text.encode("utf-8", "replace").decode()
