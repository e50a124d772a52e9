"""Entity-tags and preconditions compare weakly."""

from __future__ import annotations

import pytest

from mock_samanage.scim.errors import PreconditionFailed
from mock_samanage.tenant.versions import ALWAYS, Preconditions, etag, names


@pytest.mark.parametrize("header", ['W/"3"', '"3"', "*", ' "1", W/"3"', '"x",W/"3" ', " * ", '"a,b" ,, "3",'])
def test_a_field_names_a_version_in_any_form(header: str) -> None:
    assert names(header, 3)


@pytest.mark.parametrize(
    "header", ['W/"4"', "3", "abc", "", '"33"', '"3', "W/3", "**", 'w/"3"', 'abc"3"', '"3" "4"', '"a"3"', '*, "3"']
)
def test_another_version_and_what_is_no_tag_name_nothing(header: str) -> None:
    assert not names(header, 3)


def test_the_tag_is_weak() -> None:
    assert etag(7) == 'W/"7"'


def test_if_match_guards_a_write() -> None:
    Preconditions(if_match='W/"3"').check(3)
    with pytest.raises(PreconditionFailed, match='at version W/"3"'):
        Preconditions(if_match='W/"2"').check(3)


def test_if_none_match_refuses_a_write_on_that_version() -> None:
    Preconditions(if_none_match='W/"2"').check(3)
    for header in ("*", 'W/"3"'):
        with pytest.raises(PreconditionFailed):
            Preconditions(if_none_match=header).check(3)


def test_without_fields_every_write_passes() -> None:
    ALWAYS.check(3)
    assert not ALWAYS.given
    assert Preconditions(if_match='"3"').given


def test_a_star_names_no_version_so_that_a_lost_race_is_repeated() -> None:
    assert not Preconditions(if_match=" * ").given


def test_a_reader_knows_the_version_it_names_unless_if_match_names_another() -> None:
    assert Preconditions(if_none_match='W/"3"').known(3)
    assert not Preconditions(if_match='"3"', if_none_match='"2"').known(3)
    with pytest.raises(PreconditionFailed):
        Preconditions(if_match='"2"', if_none_match='"3"').known(3)
