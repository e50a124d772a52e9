"""Moments read from text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conformance.entra.expressions.moments import DEFAULT_STYLES, moment_of, parsed, styles_of
from tests.conformance.entra.expressions.evaluating import NOW

DEFAULT = styles_of(DEFAULT_STYLES)


def _iso(text: str, pattern: str, styles: str = DEFAULT_STYLES) -> str:
    return parsed(text, pattern, styles_of(styles), NOW).isoformat()


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        ("05 04 2031", "dd MM yyyy", "2031-04-05T00:00:00"),
        ("5/4/31", "d/M/yy", "1931-04-05T00:00:00"),
        ("5/4/29", "d/M/yy", "2029-04-05T00:00:00"),
        ("Sat 5 April 2031", "ddd d MMMM yyyy", "2031-04-05T00:00:00"),
        ("sat 5 APR 2031", "ddd d MMM yyyy", "2031-04-05T00:00:00"),
        ("2031-04-05T15:07:09.1234567", "yyyy-MM-ddTHH:mm:ss.fffffff", "2031-04-05T15:07:09.123456"),
        ("2031-04-05 15:07:09", "yyyy-MM-dd HH:mm:ssFFF", "2031-04-05T15:07:09"),
        ("12:05 AM", "h:mm tt", "2031-04-05T00:05:00"),
        ("12:05 p", "h:mm t", "2031-04-05T12:05:00"),
        ("12:05", "hh:mm", "2031-04-05T00:05:00"),
        ("04-2030", "MM-yyyy", "2030-04-01T00:00:00"),
        ("2031-04-05+02:00", "yyyy-MM-ddzzz", "2031-04-04T22:00:00+00:00"),
        ("2031-04-05-0330", "yyyy-MM-ddzzz", "2031-04-05T03:30:00+00:00"),
        ("2031-04-05-3", "yyyy-MM-ddz", "2031-04-05T03:00:00+00:00"),
        ("20310405Z", "yyyyMMddZ", "2031-04-05T00:00:00+00:00"),
        ("2031-04-05", "yyyy-MM-ddK", "2031-04-05T00:00:00"),
        ("2031-04-05Z", "yyyy-MM-ddK", "2031-04-05T00:00:00+00:00"),
        (" 2031 ", "yyyy", "2031-01-01T00:00:00"),
        ("4/5/2031", "M/d/yyyy", "2031-04-05T00:00:00"),
        ("04/05/2031", "d", "2031-04-05T00:00:00"),
    ],
)
def test_a_text_in_a_format(text: str, pattern: str, found: str) -> None:
    assert _iso(text, pattern) == found


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("5/4/2031", "dd/MM/yyyy"),
        ("Mon 5 April 2031", "ddd d MMMM yyyy"),
        ("30 02 2031", "dd MM yyyy"),
        ("13:00 PM", "h:mm tt"),
        ("5 06", "d dd"),
        ("2031-04-05+15:00", "yyyy-MM-ddzzz"),
        ("0001-01-01+10:00", "yyyy-MM-ddzzz"),
        ("2031-04-05t10", "yyyy-MM-ddTHH"),
        ("٢٠٣١", "yyyy"),
    ],
)
def test_a_text_that_is_not_in_the_format(text: str, pattern: str) -> None:
    with pytest.raises(ValueError, match=r"format|no Mon|day|hour|hours off|beyond"):
        _iso(text, pattern)


def test_styles_decide_about_white_space_and_the_zone() -> None:
    assert _iso("2031-04-05", "yyyy-MM-dd", "DateTimeStyles.AssumeUniversal").endswith("+00:00")
    assert _iso("2031 - 04-05", "yyyy-MM-dd", "AllowWhiteSpaces, None") == "2031-04-05T00:00:00"
    with pytest.raises(ValueError, match="is not in the format"):
        _iso(" 2031-04-05", "yyyy-MM-dd", "None")
    with pytest.raises(ValueError, match="'Lazy' is no style; there are None, "):
        styles_of("None, Lazy")


@pytest.mark.parametrize(
    "text",
    [
        "2031-04-05T10:30:00Z",
        "2031-04-05T10:30:00.000+00:00",
        "2031-04-05 12:30+02",
        "2031/4/5 10:30",
        "4/5/2031 10:30 AM",
        "4/5/2031 10:30:00 am",
        "5 April 2031 10:30",
        "Sat, 05 Apr 2031 10:30:00 GMT",
        "April 5, 2031 10:30",
        " 2031-04-05T10:30:00-0000 ",
    ],
)
def test_usual_spellings(text: str) -> None:
    assert moment_of(text) == datetime(2031, 4, 5, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "2031-13-05", "13/5/2031", "2031-04-05T25:00", "20310405", "2031-04-05+99:00"]
)
def test_other_texts_are_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        moment_of(text)
