"""Switches and the flag of the tenant URL."""

from __future__ import annotations

import pytest

from conformance.entra.application.model import AdminCredentials, Application
from conformance.entra.dialect import Dialect, TenantUrl
from conformance.entra.errors import ConfigError
from conformance.entra.mapping.model import Schema


@pytest.mark.parametrize(
    ("text", "base", "flag", "flagged"),
    [
        ("https://api.samanage.com", "https://api.samanage.com", "", False),
        (" https://api.samanage.com/ ", "https://api.samanage.com", "", False),
        ("http://127.0.0.1:8080/scim/v2/", "http://127.0.0.1:8080/scim/v2", "", False),
        ("https://[::1]:8443/scim", "https://[::1]:8443/scim", "", False),
        ("https://a.example/scim/v2/?aadOptscim062020", "https://a.example/scim/v2", "aadOptscim062020", True),
        ("https://a.example?AADOPTSCIM062020", "https://a.example", "aadOptscim062020", True),
        ("https://a.example/?aadOptscim062020=", "https://a.example", "aadOptscim062020", True),
        ("https://a.example/?AzureAdScimPatch062020", "https://a.example", "AzureAdScimPatch062020", True),
        ("https://a.example/?AzureAdScimPatch2017", "https://a.example", "AzureAdScimPatch2017", False),
        ("https://a.example/?", "https://a.example", "", False),
    ],
)
def test_a_tenant_url_has_base_and_flag(text: str, base: str, flag: str, *, flagged: bool) -> None:
    found = TenantUrl.parse(text)
    assert (found.base, found.flag, found.flagged) == (base, flag, flagged)
    application = Application("A", text, AdminCredentials(), Schema())
    assert application.dialect.flagged is flagged


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.samanage.com",
        "ftp://api.samanage.com",
        "https://",
        "https:///scim",
        "https://?aadOptscim062020",
        "https://a.example:port",
        "https://a.example:99999",
        "https://[::1",
        "https://a.example/x y",
        "https://a.example/#part",
    ],
)
def test_what_is_no_url_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"an http\(s\) URL such as https://api\.samanage\.com"):
        TenantUrl.parse(text)


@pytest.mark.parametrize("query", ["page=1", "aadOptscim062020&page=1", "aadOptscim2020", "aadOptscim062020=true"])
def test_no_other_parameter_is_allowed(query: str) -> None:
    with pytest.raises(ConfigError, match=r"may end with \?aadOptscim062020 and with no other parameter"):
        TenantUrl.parse(f"https://a.example/?{query}")


@pytest.mark.parametrize("text", ["https://me:s3cret@a.example", "https://me:s3cret@a.example:x", "ftp://s3cret@a"])
def test_a_secret_in_the_url_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ConfigError, match="holds a user name") as caught:
        TenantUrl.parse(text)
    assert "s3cret" not in str(caught.value)


def test_words_are_capitalised_without_the_flag() -> None:
    assert [Dialect(flagged).op("replace") for flagged in (False, True)] == ["Replace", "replace"]


def test_an_unknown_switch_or_value_is_told_with_what_there_is() -> None:
    with pytest.raises(ConfigError, match="no switch 'x'; the switches are disable-value, single-role-patch"):
        Dialect.of(flagged=False, chosen={"x": "y"})
    with pytest.raises(ConfigError, match="throttling is next-cycle or retry-after, not 'y'"):
        Dialect.of(flagged=False, chosen={"throttling": "y"})
