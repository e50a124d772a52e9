"""Addresses and certificates that cannot be used are named."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from mock_samanage.servers.errors import BadCertificate, CannotListen
from mock_samanage.servers.granian import reserve
from mock_samanage.servers.sockets import bound, is_loopback, port_of, tls_context, url_host

DATA = Path(__file__).parents[2] / "data"


def test_port_zero_binds_any_free_port() -> None:
    with bound("127.0.0.1", 0) as sock:
        assert port_of(sock) > 0


@pytest.mark.parametrize("bind", [bound, reserve])
def test_a_port_in_use_is_refused_by_name(bind: object) -> None:
    assert callable(bind)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = port_of(taken)
        with pytest.raises(CannotListen, match=f"127.0.0.1:{port}"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 0), ("203.0.113.7", 0)])
def test_an_address_that_is_not_ours_is_refused(host: str, port: int) -> None:
    with pytest.raises(CannotListen, match=host):
        bound(host, port)


def test_a_missing_or_foreign_certificate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCertificate, match=r"nowhere\.pem"):
        tls_context(tmp_path / "nowhere.pem", DATA / "tls-key.pem")
    (tmp_path / "text.pem").write_text("no certificate")
    with pytest.raises(BadCertificate, match=r"text\.pem"):
        tls_context(tmp_path / "text.pem", DATA / "tls-key.pem")


def test_hosts_are_shown_as_urls_have_them() -> None:
    assert url_host("::1") == "[::1]"
    assert url_host("0.0.0.0") == "127.0.0.1"
    assert [is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "10.0.0.1", "0.0.0.0")] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
