"""Paths and the routes they lead to: `/Users/7` is `/Users/{id}`."""

from __future__ import annotations

from mock_samanage.scim.registry import ENDPOINTS

MOUNTS = ("/scim/v2", "/scim")
"""The path prefixes besides the root, the longest first."""

_COLLECTIONS = frozenset(ENDPOINTS.values())
_ALONE = frozenset({"/", "/.search", "/Bulk", "/Me", "/ServiceProviderConfig", "/Schemas", "/ResourceTypes"})
_WITH_MEMBERS = _COLLECTIONS | {"/Schemas", "/ResourceTypes"}


def mount_of(path: str) -> str:
    """The mount a path begins with; "" for the root."""
    for mount in MOUNTS:
        if path.startswith(mount) and path[len(mount) : len(mount) + 1] in {"", "/"}:
            return mount
    return ""


def below_mount(url: str) -> str:
    """The path of a URL without its mount and query, such as `/Users/7`."""
    path = url.partition("?")[0]
    return path[len(mount_of(path)) :] or "/"


def route_of(path: str) -> str:
    """The route of a path below the mount, ids as `{id}`; "" where nothing is."""
    at = path.find("/", 1)
    endpoint, rest = (path, "") if at < 0 else (path[:at], path[at + 1 :])
    if not rest:
        return endpoint if endpoint in _ALONE or endpoint in _COLLECTIONS else ""
    if rest == ".search":
        return f"{endpoint}/.search" if endpoint in _COLLECTIONS else ""
    return f"{endpoint}/{{id}}" if endpoint in _WITH_MEMBERS else ""


def is_list(method: str, route: str) -> bool:
    """Whether a request of this method and route is answered by a list of resources."""
    if method == "POST":
        return route.endswith("/.search")
    return method == "GET" and (route == "/" or route in _COLLECTIONS)
