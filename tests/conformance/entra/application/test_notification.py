"""Notification mail in a maildir that any mail reader opens."""

from __future__ import annotations

import mailbox
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from conformance.entra.application.notification import SENDER, Mailer
from conformance.entra.errors import ConfigError

AT = datetime(2031, 3, 4, 9, tzinfo=UTC)
ADDRESS = "ops@fabrik.example"


def _mails(folder: Path) -> list[EmailMessage]:
    box = mailbox.Maildir(folder, create=False)
    parser = BytesParser(policy=policy.default)
    return [parser.parsebytes(box.get_bytes(key)) for key in box.keys()]  # noqa: SIM118 - a mailbox iterates over mails


@pytest.mark.parametrize("made", [False, True], ids=["no folder", "an empty folder"])
def test_a_mail_has_sender_address_subject_date_and_text(tmp_path: Path, *, made: bool) -> None:
    folder = tmp_path / "job" / "mail"
    if made:
        folder.mkdir(parents=True)
    Mailer(folder, ADDRESS, wanted=True).send("Provisioning of Łódź is in quarantine", "Grüße\nzwei", AT)
    (mail,) = _mails(folder)
    assert (mail["From"], mail["To"]) == (SENDER, ADDRESS)
    assert mail["Subject"] == "Provisioning of Łódź is in quarantine"
    assert mail["Date"].datetime == AT
    assert mail.get_content() == "Grüße\nzwei\n"


def test_each_notification_is_a_mail_that_is_new(tmp_path: Path) -> None:
    mailer = Mailer(tmp_path / "mail", ADDRESS, wanted=True)
    for number in range(3):
        mailer.send(f"{number}", "text", AT)
    assert sorted(mail["Subject"] for mail in _mails(tmp_path / "mail")) == ["0", "1", "2"]
    assert len([*(tmp_path / "mail" / "new").iterdir()]) == 3


@pytest.mark.parametrize(("address", "wanted"), [("", True), (ADDRESS, False)])
def test_without_address_or_wish_none_is_written(tmp_path: Path, address: str, *, wanted: bool) -> None:
    Mailer(tmp_path / "mail", address, wanted).send("subject", "text", AT)
    assert not (tmp_path / "mail").exists()


def test_the_name_of_an_application_cannot_add_header_fields(tmp_path: Path) -> None:
    Mailer(tmp_path / "mail", ADDRESS, wanted=True).send("of X\r\nBcc: all@fabrik.example\ud800", "text\ud800", AT)
    (mail,) = _mails(tmp_path / "mail")
    assert mail["Subject"] == "of X Bcc: all@fabrik.example?"
    assert mail["Bcc"] is None


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"is no address; right is one such as ops@fabrik\.example"):
        Mailer(tmp_path / "mail", "ops@fabrik.example\nBcc: x@y", wanted=True).send("subject", "text", AT)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file", encoding="utf-8")
    with pytest.raises(ConfigError, match="mail cannot be written there"):
        Mailer(tmp_path / "mail", ADDRESS, wanted=True).send("subject", "text", AT)
