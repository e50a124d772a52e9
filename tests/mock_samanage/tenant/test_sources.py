"""Time and ids come from one source each."""

from __future__ import annotations

import uuid

import pytest

from mock_samanage.scim.errors import TooManyRequests
from mock_samanage.tenant import passwords
from mock_samanage.tenant.clock import SECOND, ManualClock, SystemClock, moment, timestamp
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.ratelimit import RateCounter


def test_a_manual_clock_only_goes_forward() -> None:
    clock = ManualClock(5 * SECOND)
    clock.advance(SECOND)
    assert clock.now() == 6 * SECOND
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)


def test_moments_keep_their_microseconds() -> None:
    assert timestamp(1_600_000_000_000_007) == "2020-09-13T12:26:40.000007Z"
    assert moment(SystemClock().now()).year >= 2024


def test_a_seed_repeats_names_and_secrets() -> None:
    first, second = Ids(7), Ids(7)
    assert [first.uuid(), first.password(), first.account_name()] == [
        second.uuid(),
        second.password(),
        second.account_name(),
    ]
    assert first.bytes(16) == second.bytes(16)
    assert uuid.UUID(first.uuid()).version == 4


def test_without_a_seed_nothing_repeats() -> None:
    assert Ids().password() != Ids().password()


def test_a_password_record_verifies_its_password_alone() -> None:
    stored = passwords.record("pä:ss", bytes(16))
    assert passwords.verify("pa\u0308:ss", stored)  # the same text, decomposed
    assert not passwords.verify("pä:sS", stored)
    assert "ss" not in stored.decode().removeprefix("scrypt")


def test_the_minute_that_is_used_up_says_when_the_next_begins() -> None:
    counter = RateCounter()
    at = 100 * 60 * SECOND + 48 * SECOND + 1
    for _ in range(3):
        counter.charge(1, 3, at)
    counter.charge(2, 3, at)
    with pytest.raises(TooManyRequests) as refusal:
        counter.charge(1, 3, at)
    assert refusal.value.headers == (("Retry-After", "12"),)
    counter.charge(1, 3, at + 12 * SECOND)
