"""The URL under which the client reaches this server: the root of every reference it is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """How the base URL is made: from `public_url` if given, else from the request; proxies only if trusted."""

    public_url: str | None = None
    trust_proxy: bool = False

    def of(self, environ: Mapping[str, Any]) -> str:
        """Scheme, host and mount of this request, without a slash at the end."""
        if self.public_url is not None:
            return self.public_url
        scheme = environ["wsgi.url_scheme"]
        host = environ.get("HTTP_HOST", "")
        prefix = environ["SCRIPT_NAME"]
        if self.trust_proxy:
            scheme = _first(environ, "HTTP_X_FORWARDED_PROTO", scheme)
            host = _first(environ, "HTTP_X_FORWARDED_HOST", host)
            prefix = _first(environ, "HTTP_X_FORWARDED_PREFIX", "").rstrip("/") + prefix
        if not _HOST.fullmatch(host):
            host = f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        return f"{scheme}://{host}{prefix}"


def _first(environ: Mapping[str, Any], key: str, default: str) -> str:
    """The value the outermost proxy gave."""
    value: str = environ.get(key, "")
    return value.split(",", maxsplit=1)[0].strip() or default
