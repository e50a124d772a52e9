"""What keeps generated requests among the run's own resources, and off each other's names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import cycle
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from schemathesis.core.parameters import ParameterLocation

from conformance.contract.cases import AnyCase
from conformance.ledger import creations
from conformance.model import Exchange
from conformance.run import Run
from conformance.strategies.formats import Pool, fitting

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
METHODS: Final = frozenset({"put", "post", "patch", "delete"})
_NAME: Final = re.compile(r"[^\x00]*[^\x00\s][^\x00]*", re.DOTALL)


CONDITIONS: Final = ("If-Match", "If-None-Match")
PROJECTIONS: Final = ("attributes", "excludedAttributes")
QUERY: Final = ("filter", "sortBy", "sortOrder")


class Guard:
    """Changes a case just before it is sent.

    A request that may change something is only about ids of the pool and of what the run created itself; other ids
    become made-up ones. Names that are unique on a server begin with the run's prefix. What a valid request must not
    hold together, or what makes most of them fail alike, is thinned out, except where it is the very subject. A cursor
    goes out with the query that it was given for. `strayed` are the ids of cases that were about somebody else's
    resource.
    """

    def __init__(self, pool: Pool, run: Run, document: Mapping[str, Any], made: dict[str, None]) -> None:
        self.strayed: set[str] = set()
        self._own = set(pool.ids)
        self._absent = cycle(pool.absent)
        self._projection = cycle(PROJECTIONS)
        self._keeps_condition = cycle((False, False, False, True))
        self._run, self._fitting, self._made = run, fitting(pool), made
        paths = document.get("paths", {})
        self._walks: dict[str, dict[str, str]] = {}
        self._changing = {path for path, item in paths.items() if "{" in path and METHODS & item.keys()}

    def before(self, case: AnyCase) -> None:
        """The case is fit to be sent."""
        self._project_once(case)
        self._walk_on(case)
        if case.method.upper() in SAFE:
            return
        self._stay_at_home(case)
        if not _negated(case, ParameterLocation.HEADER) and not next(self._keeps_condition):
            for name in CONDITIONS:
                case.headers.pop(name, None)
        if isinstance(case.body, dict):
            fit = self._fitted if case.method.upper() == "PATCH" else self._named
            case.body = fit(case, case.body)

    def learn(self, exchange: Exchange) -> None:
        """What the exchange created belongs to the run, as long as it is there."""
        for url in creations(exchange):
            self._own.add(urlsplit(url).path.rsplit("/", 1)[-1])
            self._made[url] = None
        if exchange.method == "GET" and b'Cursor":' in exchange.response_body:
            self._keep_walk(exchange)
        if exchange.method == "DELETE" and (exchange.status or 500) < 300:
            self._made.pop(exchange.url, None)

    def _project_once(self, case: AnyCase) -> None:
        if set(PROJECTIONS) <= set(case.query or ()) and not _negated(case, ParameterLocation.QUERY):
            del case.query[next(self._projection)]

    def _keep_walk(self, exchange: Exchange) -> None:
        answer = json.loads(exchange.response_body)
        for name in ("nextCursor", "previousCursor"):
            if name in answer:
                self._walks[str(answer[name])] = dict(parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True))

    def _walk_on(self, case: AnyCase) -> None:
        query = case.query or {}
        if (walk := self._walks.get(str(query.get("cursor")))) and not _negated(case, ParameterLocation.QUERY):
            case.query.update(walk, cursor=query["cursor"])
            for name in (*QUERY, "count"):
                if name not in walk:
                    case.query.pop(name, None)

    def _stay_at_home(self, case: AnyCase) -> None:
        if case.operation.path in self._changing:
            for name, value in dict(case.path_parameters).items():
                if unquote(str(value)) not in self._own:
                    case.path_parameters[name] = next(self._absent)
                    self.strayed.add(case.id)

    def _named(self, case: AnyCase, body: dict[str, Any]) -> dict[str, Any]:
        operations = body.get("Operations")
        if isinstance(operations, list):  # a bulk request
            return {**body, "Operations": [self._named_data(case, entry) for entry in operations]}
        key = "userName" if "userName" in body else "displayName"
        value = body.get(key)
        if isinstance(value, str) and _NAME.fullmatch(value):  # what has to be refused stays as it is
            return {**body, key: f"{self._run.name()}-{value}"}
        return body

    def _named_data(self, case: AnyCase, entry: Any) -> Any:
        data = entry.get("data") if isinstance(entry, dict) else None
        return {**entry, "data": self._named(case, data)} if isinstance(data, dict) else entry

    def _fitted(self, case: AnyCase, body: dict[str, Any]) -> dict[str, Any]:
        """A valid PatchOp whose values fit their paths, which JSON Schema cannot say; any other body as it is."""
        operations = body.get("Operations")
        if _negated(case, ParameterLocation.BODY) or not isinstance(operations, list):
            return body
        return {**body, "Operations": [self._operation(entry) for entry in operations]}

    def _operation(self, entry: dict[str, Any]) -> dict[str, Any]:
        path = entry.get("path")
        return {**entry, "value": self._fitting[path]} if path in self._fitting and "value" in entry else entry


def _negated(case: AnyCase, where: ParameterLocation) -> bool:
    return case.meta is not None and case.meta.is_negative_at(where)
