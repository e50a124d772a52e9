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
        """One mail; raises ConfigError where the maildir cannot be written."""
        if not (self.address and self.wanted):
            return
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = SENDER, self.address, subject
        message["Date"] = format_datetime(at)
        message.set_content(text)
        try:
            mailbox.Maildir(self.folder, create=True).add(message)
        except OSError as error:
            raise ConfigError(f"{self.folder}: mail cannot be written there: {error}") from error
