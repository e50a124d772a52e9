"""The fault plans of accounts as the control API takes and shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mock_samanage.web.control.bodies import Body
from mock_samanage.web.faults.faults import Faults
from mock_samanage.web.faults.plan import read_rules, rule


class FaultViews:
    """The views of `faults`; `body` gives the JSON object of the request at hand."""

    def __init__(self, faults: Faults, body: Callable[[], Body]) -> None:
        self._faults = faults
        self._body = body

    def show(self, name: str) -> Body:
        """The rules with how often each matched and was played."""
        return {"faults": self._faults.shown(name)}

    def put(self, name: str) -> Body:
        """Puts a plan in the place of the present one: `{"faults": [rule, …]}`."""
        self._faults.set(name, read_rules(self._body()))
        return self.show(name)

    def post(self, name: str) -> tuple[dict[str, Any], int]:
        """Adds the rule in the body at the end of the plan."""
        self._faults.add(name, rule(self._body()))
        return self.show(name), 201

    def delete(self, name: str) -> Body:
        """Drops the plan."""
        self._faults.set(name, ())
        return {}
