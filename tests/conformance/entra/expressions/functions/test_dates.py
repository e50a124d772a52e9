"""Dates (FUNC)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conformance.entra.errors import ExpressionError
from conformance.entra.expressions import EvaluationError
from tests.conformance.entra.expressions.evaluating import value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2031-02-03+02:00", "2/2/2031 10:00:00 PM"),
        ("2031-02-03T01:45:30-07:00", "2/3/2031 8:45:30 AM"),
        ("2/13/2031 5:41:18 PM", "2/13/2031 5:41:18 PM"),
        ("2031-02-03", "2/3/2031 12:00:00 AM"),
        ("2031-02-03 23:59:59-08:00", "2/4/2031 7:59:59 AM"),
    ],
)
def test_cdate_returns_utc(text: str, found: str) -> None:
    assert value(f'CDate("{text}")') == found


def test_no_date_is_no_value_and_another_text_an_error() -> None:
    assert value("CDate([absent])") is None
    with pytest.raises(EvaluationError, match="CDate: expression: 'soon' is no date; right are 2031-04-05"):
        value('CDate("soon")')


def test_now_is_the_moment_of_the_evaluation() -> None:
    assert value("Now()") == "4/5/2031 10:30:15 AM"


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ('"d",3,CDate("2031-02-26")', "3/1/2031 12:00:00 AM"),
        ('"d",-3,CDate("2031-03-01")', "2/26/2031 12:00:00 AM"),
        ('"ww",2,CDate("2031-02-26")', "3/12/2031 12:00:00 AM"),
        ('"m",1,CDate("2031-01-31")', "2/28/2031 12:00:00 AM"),
        ('"m",-2,CDate("2031-01-31")', "11/30/2030 12:00:00 AM"),
        ('"yyyy",1,CDate("2032-02-29")', "2/28/2033 12:00:00 AM"),
        ('"h",25,CDate("2031-01-31")', "2/1/2031 1:00:00 AM"),
        ('"n","90",Now()', "4/5/2031 12:00:15 PM"),
        ('"s",45,Now()', "4/5/2031 10:31:00 AM"),
        ('"d",3,CDate([absent])', None),
    ],
)
def test_dateadd(arguments: str, found: str | None) -> None:
    assert value(f"DateAdd({arguments})") == found


@pytest.mark.parametrize(
    ("interval", "first", "second", "difference"),
    [
        ("h", "2031-01-01", "2031-01-03", 48),
        ("d", "2031-08-18+08:00", "2031-08-31+08:00", 13),
        ("d", "2031-01-01T00:00:00", "2031-01-02T23:59:59", 1),
        ("d", "2031-01-02T23:59:59", "2031-01-01T00:00:00", -1),
        ("n", "2031-01-01", "2031-01-02", 1440),
        ("s", "2031-01-02", "2031-01-01", -86400),
        ("m", "2031-01-31", "2031-02-01", 1),
        ("yyyy", "2031-12-31", "2032-01-01", 1),
        ("ww", "2031-01-04", "2031-01-05", 1),
        ("ww", "2031-01-05", "2031-01-11", 0),
        ("d", "2031-01-01", "2031-01-01", 0),
    ],
)
def test_datediff_counts_towards_the_second_date(interval: str, first: str, second: str, difference: int) -> None:
    assert value(f'DateDiff("{interval}",CDate("{first}"),CDate("{second}"))') == difference


def test_datediff_of_no_date_is_no_value() -> None:
    assert value('DateDiff("d",Now(),CDate([absent]))') is None


def test_a_text_is_made_a_date_by_cdate() -> None:
    with pytest.raises(EvaluationError, match=r"DateAdd: dateTime is a date such as CDate\(…\)"):
        value('DateAdd("d",3,"2031-02-26")')


def test_an_interval_is_one_of_the_documented() -> None:
    with pytest.raises(ExpressionError, match=r"interval of DateAdd is yyyy or m or .*not 'D', in column 9"):
        value('DateAdd("D",3,Now())')
    with pytest.raises(EvaluationError, match="DateDiff: interval is yyyy"):
        value("DateDiff([i],Now(),Now())", i="day")


@pytest.mark.parametrize("arguments", ['"yyyy",9000,Now()', '"d",-999999999,Now()', '"s",99999999999999999,Now()'])
def test_the_calendar_ends(arguments: str) -> None:
    with pytest.raises(EvaluationError, match="beyond the calendar"):
        value(f"DateAdd({arguments})")


def test_dates_of_active_directory() -> None:
    assert value("DateFromNum(132539328000000000)") == "1/1/2021 12:00:00 AM"
    assert value('NumFromDate("2021-01-01T00:00:00Z")') == 132539328000000000
    assert value("NumFromDate(DateFromNum([n]))", n="132539328000000000") == 132539328000000000
    assert value("NumFromDate([absent])") is None
    with pytest.raises(EvaluationError, match="DateFromNum: value is beyond the calendar"):
        value("DateFromNum([n])", n="9" * 20)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ('"20310405", ,"yyyyMMdd","dd/MM/yyyy"', "05/04/2031"),
        ('"20310405103015.5Z", ,"yyyyMMddHHmmss.fZ","yyyy-MM-dd HH:mm"', "2031-04-05 10:30"),
        ('"  4/5/2031  ", ,"M/d/yyyy","MMMM d"', "April 5"),
        ('"4 / 5/2031","AllowInnerWhite","M/d/yyyy","MMMM d"', "April 5"),
        ('CDate("2031-04-05+10:00"), ,"M/d/yyyy h:mm:ss tt","yyyy-MM-dd"', "2031-04-04"),
        ('[absent], ,"yyyyMMdd","dd/MM/yyyy"', None),
    ],
)
def test_formatdatetime(arguments: str, found: str | None) -> None:
    assert value(f"FormatDateTime({arguments})") == found


def test_formatdatetime_says_what_does_not_fit() -> None:
    with pytest.raises(EvaluationError, match="FormatDateTime: '2031' is not in the format yyyyMMdd"):
        value('FormatDateTime("2031", ,"yyyyMMdd","dd")')
    with pytest.raises(EvaluationError, match="month must be in"):
        value('FormatDateTime("20311305", ,"yyyyMMdd","dd/MM")')


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ('[a], ,"yyyy-MM-dd\'","dd/MM"', "the inputFormat: the literal text after ' is not closed, in column 22"),
        ('[a], ,"yyyy","%"', "the outputFormat: .*standard format"),
        ('[a],"Lazy","yyyy","dd/MM"', "the dateTimeStyles: 'Lazy' is no style"),
        ('[a], ,"","dd/MM"', "the inputFormat: a format is not empty"),
    ],
)
def test_formats_are_checked_before_there_is_an_object(arguments: str, problem: str) -> None:
    with pytest.raises(ExpressionError, match=problem):
        value(f"FormatDateTime({arguments})")


def test_moments_of_the_directory_are_iso_text() -> None:
    assert value("CStr([hired])", hired=datetime(2031, 2, 3, tzinfo=UTC)) == "2031-02-03T00:00:00Z"
    assert value('DateDiff("d",CDate([hired]),Now())', hired=datetime(2031, 4, 1, tzinfo=UTC)) == 4
