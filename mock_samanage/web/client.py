"""A requests session that calls a WSGI application directly."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from mock_samanage.servers.threaded import call

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ORIGIN = "http://tenant.invalid"
BASE = f"{ORIGIN}/scim/v2"


class WsgiSession(requests.Session):
    """Like any requests session; paths without a host are below the application's SCIM base URL."""

    def __init__(self, app: WSGIApplication, token: str | None = None, base: str = BASE) -> None:
        super().__init__()
        self.base = base
        self.trust_env = False
        self.mount(ORIGIN, _Adapter(app))
        if token is not None:
            self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer of the application."""
        text = url.decode() if isinstance(url, bytes) else url
        return super().request(method, self.base + text if text.startswith("/") else text, *args, **kwargs)


class _Adapter(BaseAdapter):
    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app

    def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
        status, fields, body = call(self._app, _environ(request))
        headers = HTTPHeaderDict(fields)
        answer = requests.Response()
        answer.status_code = int(status[:3])
        answer.reason = status[4:]
        answer.headers.update(headers)
        answer.encoding = "utf-8"
        answer.raw = HTTPResponse(io.BytesIO(body), headers, preload_content=False)
        answer.url = request.url or ""
        answer.request = request
        return answer

    def close(self) -> None:
        """Holds nothing open."""


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    parts = urlsplit(request.url or "")
    body = request.body or b""
    data = body.encode() if isinstance(body, str) else bytes(body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method or "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(data),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(data)),
    }
    environ.update(_fields(request.headers))
    return environ


def _fields(headers: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name, value in headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        key = name.upper().replace("-", "_")
        found[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = text
    return found
