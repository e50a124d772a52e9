"""Settings are checked when they are made."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_samanage.settings import MEMORY, BadSetting, Settings, name_list, pairs, read_toml, store_url


@pytest.mark.parametrize(
    "wrong",
    [
        {"tls_cert": Path("a")},
        {"tls_key": Path("a")},
        {"workers": 2, "store": MEMORY},
        {"workers": 2, "faults": Path("a")},
        {"public_url": "tenant.test"},
        {"public_url": "ftp://tenant.test"},
        {"public_url": "https://tenant.test/?x=1"},
        {"public_url": "http://["},
    ],
)
def test_settings_that_do_not_fit_together_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadSetting):
        Settings(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_the_control_port_follows_the_port_unless_it_is_free_to_choose() -> None:
    assert Settings(port=9000).control_port_wanted == 9001
    assert Settings(port=0).control_port_wanted == 0
    assert Settings(port=9000, control_port=7).control_port_wanted == 7


def test_a_store_is_a_path_or_a_url(tmp_path: Path) -> None:
    assert store_url(str(tmp_path / "a.db")) == f"sqlite:///{tmp_path}/a.db"
    assert store_url(":memory:") == MEMORY
    assert store_url("postgresql://h/x") == "postgresql://h/x"
    assert Settings(store="postgresql://h/x").on_postgresql
    with pytest.raises(BadSetting, match="mysql"):
        store_url("mysql://h/x")


def test_quirks_and_name_lists_are_read_from_text() -> None:
    assert pairs(["a=1", " b = x=y "]) == {"a": "1", "b": "x=y"}
    with pytest.raises(BadSetting, match="NAME=VALUE"):
        pairs(["a"])
    assert name_list(["userName,emails.value", "id"]) == ("userName", "emails.value", "id")
    assert name_list([]) is None
    assert name_list(["all"]) is None


def test_a_toml_file_holds_options_by_their_names(tmp_path: Path) -> None:
    file = tmp_path / "serve.toml"
    file.write_text('port = 0\npublic-url = "https://x.test"\n')
    assert read_toml(file) == {"port": 0, "public_url": "https://x.test"}
    file.write_text("port = = 1")
    with pytest.raises(BadSetting, match=r"serve\.toml"):
        read_toml(file)
