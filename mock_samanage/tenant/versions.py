"""Entity-tags and preconditions (RFC 7644 section 3.14, RFC 7232).

SCIM sends weak tags in If-Match and expects them to match, so both headers compare weakly (AMB-57).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mock_samanage.scim.errors import PreconditionFailed

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_LIST = re.compile(rf"[ \t,]*{_TAG.pattern}(?:[ \t]*,(?:[ \t]*{_TAG.pattern})?)*[ \t]*")


def etag(version: int) -> str:
    """The weak entity-tag of a version, such as `W/"3"`; also the text of `meta.version`."""
    return f'W/"{version}"'


def names(header: str, version: int) -> bool:
    """True if an If-Match or If-None-Match field, `*` or a list of tags, names this version; another does not."""
    if header.strip() == "*":
        return True
    return _LIST.fullmatch(header) is not None and str(version) in _TAG.findall(header)


@dataclass(frozen=True, slots=True)
class Preconditions:
    """The conditional fields of a request, as they were sent; None where a field is absent."""

    if_match: str | None = None
    if_none_match: str | None = None

    @property
    def given(self) -> bool:
        """True if the client named versions, so that a lost race is its to hear of; `*` names none."""
        return self.if_match is not None and self.if_match.strip() != "*"

    def known(self, version: int) -> bool:
        """True if the client has this version, so that reading it again is 304; raises as `check` does for If-Match."""
        if self.if_match is not None and not names(self.if_match, version):
            raise PreconditionFailed(
                f"If-Match is {self.if_match[:80]}, but the resource is at version {etag(version)}."
            )
        return self.if_none_match is not None and names(self.if_none_match, version)

    def check(self, version: int) -> None:
        """Lets a write on this version pass, or raises PreconditionFailed, which names the present tag."""
        if self.known(version):
            raise PreconditionFailed(f"If-None-Match names {etag(version)}, and the resource is at that version.")


ALWAYS = Preconditions()
"""No precondition: the request sent neither field."""
