"""Where references point."""

from __future__ import annotations

from mock_samanage.web.base_url import BaseUrl

REQUEST = {
    "wsgi.url_scheme": "http",
    "HTTP_HOST": "tenant.test:8080",
    "SCRIPT_NAME": "/scim/v2",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8080",
}
FORWARDED = {
    **REQUEST,
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "outer.test, inner.test",
    "HTTP_X_FORWARDED_PREFIX": "/tenants/",
}


def test_the_request_says_scheme_host_and_mount() -> None:
    assert BaseUrl().of(REQUEST) == "http://tenant.test:8080/scim/v2"


def test_a_public_url_overrides_the_request() -> None:
    assert BaseUrl("https://public.test/x").of(FORWARDED) == "https://public.test/x"


def test_forwarded_fields_count_only_behind_a_trusted_proxy() -> None:
    assert BaseUrl().of(FORWARDED) == "http://tenant.test:8080/scim/v2"
    assert BaseUrl(trust_proxy=True).of(FORWARDED) == "https://outer.test/tenants/scim/v2"


def test_a_host_that_is_none_is_replaced_by_the_server_s() -> None:
    assert BaseUrl().of({**REQUEST, "HTTP_HOST": 'x"><script>'}) == "http://127.0.0.1:8080/scim/v2"
