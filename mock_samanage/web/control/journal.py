"""The journal of an account as the control API hands it out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from flask import Response

from mock_samanage.web.control.errors import ControlError
from mock_samanage.web.journal.entries import Entry
from mock_samanage.web.journal.exports import har, json_lines

Form = Callable[[Sequence[Entry], str], str]


def _array(entries: Sequence[Entry], _origin: str) -> str:
    return json.dumps([entry.as_json() for entry in entries], ensure_ascii=False)


FORMS: Mapping[str, tuple[str, Form]] = {
    "json": ("application/json", _array),
    "jsonl": ("application/jsonl", lambda entries, _origin: json_lines(entries)),
    "har": ("application/json", har),
}
"""Each format's media type, and what writes it."""


def checked_format(name: str) -> str:
    """The format of that name; raises ControlError."""
    if name not in FORMS:
        raise ControlError(400, f"format is {', '.join(FORMS)}, not {name[:40]!r}.")
    return name


def journal_answer(entries: Sequence[Entry], form: str, origin: str) -> Response:
    """The entries in that format; `origin` is where SCIM is served."""
    media_type, written = FORMS[form]
    return Response(written(entries, origin), content_type=media_type)
