"""Whom a connector looks for: addressing, matching, querying."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.connector.model import Sent
from tests.conformance.connector.builders import (
    ADMIN,
    ANN,
    BASE,
    BEN,
    OPS,
    ask,
    ask_group,
    cases,
    evidence,
    op,
    page,
    patch,
    post,
    post_group,
    run,
    sent,
    simply,
    state,
    stored,
)

BASE_ROOT = BASE.removesuffix("/scim/v2")
QUOTED = replace(ANN, user_name='a"+n@x.test')
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LISTED = [stored(ANN), stored(BEN, "9")]
NO_LIST: dict[str, Any] = {"answer": b"<html>", "status": 200}
TWO = (stored(ANN, "7"), stored(ANN, "70"))


def search(**body: Any) -> Sent:
    return sent("POST", "/Users/.search", {"schemas": [SEARCH], **body}, answer=page())


CASES = cases(
    {
        ("matching.looks_before_it_creates", "CON-MATCH-01"): (
            [
                simply(ask("ann@x.test"), post()),
                simply(ask("ANN@X.test"), post()),
                simply(sent("GET", "/Users", answer=page(stored(BEN), ADMIN)), post()),
                simply(ask_group("Ops"), post_group()),
                simply(ask("1", by="externalId"), post()),
                simply(
                    sent("GET", "/Users?startIndex=1", answer=page(stored(BEN), total=2)),
                    sent("GET", "/Users?startIndex=2", answer=page(ADMIN, total=2)),
                    post(),
                ),
            ],
            [
                simply(post()),
                simply(ask("ben@x.test"), post()),
                simply(ask_group("ann@x.test"), post()),
                simply(post_group()),
                simply(sent("GET", "/Users", answer=page(stored(BEN), total=2)), post()),
                evidence(run(ask("ann@x.test")), run(post())),
            ],
        ),
        ("matching.looks_before_it_creates", "CON-MATCH-02"): (
            [simply(ask("ann@x.test"), ask("1", by="externalId"), post())],
            [
                simply(ask("1", by="externalId"), post()),
                simply(ask("ann@x.test", by="emails.value"), post()),
            ],
        ),
        ("matching.looks_before_it_creates", "CON-MATCH-07"): (
            [simply(ask("ann@x.test", **NO_LIST), ask("ann@x.test"), post())],
            [
                simply(ask("ann@x.test", **NO_LIST), post()),
                simply(ask("ann@x.test", status=503), post()),
                simply(ask("ann@x.test", status=None), post()),
                simply(ask("ann@x.test", answer=b'{"totalRes', delivered=False), post()),
            ],
        ),
        ("matching.asks_for_the_value_of_the_source", "CON-MATCH-03"): (
            [simply(ask('a"+n@x.test'), people=[QUOTED])],
            [
                simply(sent("GET", '/Users?filter=userName%20eq%20%22a\\"+n@x.test%22'), people=[QUOTED]),
                simply(ask("a"), people=[QUOTED]),
                simply(ask("o%27hara%40x.test"), people=[replace(ANN, user_name="o'hara@x.test")]),
                simply(ask("o''hara@x.test"), people=[replace(ANN, user_name="o'hara@x.test")]),
                simply(ask("jÃ¶rg@x.test"), people=[replace(ANN, user_name="jörg@x.test")]),
            ],
        ),
        ("matching.creates_nobody_who_was_found", "CON-MATCH-04"): (
            [simply(ask("ann@x.test"), post()), simply(ask("ann@x.test", stored(BEN)), post())],
            [
                simply(ask("ann@x.test", stored()), post()),
                simply(sent("GET", "/Users", answer=page(*LISTED)), post()),
            ],
        ),
        ("matching.creates_nobody_who_was_found", "7644-3.4.2-C01"): (
            [
                simply(ask("ann@x.test"), post()),
                simply(ask("ann@x.test", answer={"totalResults": 0}), post()),
            ],
            [simply(ask("ann@x.test", answer={"totalResults": 0}), people=[ANN])],
        ),
        ("matching.compares_what_it_finds", "CON-MATCH-05"): (
            [
                simply(ask("ann@x.test", stored(BEN, "9")), people=[ANN]),
                simply(
                    ask("ann@x.test", stored(BEN, "9")),
                    patch(op("replace", "active", False), id_="9"),
                    people=[ANN],
                ),
            ],
            [
                simply(ask("ann@x.test", ADMIN), patch(op("replace", "externalId", "1"), id_="100"), people=[ANN]),
            ],
        ),
        ("matching.compares_what_it_finds", "CON-MATCH-06"): (
            [simply(ask("ann@x.test", *TWO), people=[ANN], status=1)],
            [
                simply(ask("ann@x.test", *TWO), patch(op("replace", "title", "x"), id_="70"), people=[ANN]),
                simply(ask("ann@x.test", *TWO), post(), people=[ANN]),
            ],
        ),
        ("addressing.encodes_urls", "7644-1.2-C01"): (
            [simply(ask("ann@x.test"))],
            [
                simply(sent("GET", '/Users?filter=userName eq "a"')),
                simply(sent("GET", "/Users?filter=userName%20eq%20%22jörg%22")),
                simply(sent("GET", "/Users?filter=100%")),
                simply(sent("GET", "/Users?filter=emails[type%20eq%20%22work%22]")),
            ],
        ),
        ("addressing.keeps_the_base", "7644-1.3-C01"): (
            [
                simply(ask("a"), ask_group("b")),
                simply(
                    sent("GET", "/Users/7", status=307, fields={"Location": f"{BASE_ROOT}/Users/7"}),
                    sent("GET", f"{BASE_ROOT}/Users/7"),
                ),
            ],
            [simply(ask("a"), sent("GET", f"{BASE_ROOT}/Users"))],
        ),
        ("addressing.keeps_the_base", "7644-3.13-C01"): (
            [simply(ask("a"))],
            [
                simply(sent("GET", f"{BASE_ROOT}/v2/scim/Users")),
                simply(sent("GET", f"{BASE_ROOT}/scim/2.0/Users")),
            ],
        ),
        ("addressing.reads_what_the_tenant_offers", "7644-3.2-C01"): (
            [simply(sent("GET", "/ResourceTypes"), ask("a"))],
            [simply(ask("a"))],
        ),
        ("addressing.reads_what_the_tenant_offers", "7644-4-C01"): (
            [simply(sent("GET", "/Schemas"))],
            [simply(sent("GET", "/Schemas?filter=id%20pr"))],
        ),
        ("addressing.creates_at_the_endpoint", "7644-3.3-C01"): (
            [simply(post()), simply(post_group())],
            [
                simply(sent("POST", "/Users/", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"]})),
                simply(sent("POST", "/Users/7", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]})),
            ],
        ),
        ("addressing.uses_ids_it_was_given", "CON-FAIL-02"): (
            [
                simply(ask("a", stored(id_="7")), patch(id_="7")),
                simply(patch(id_="7"), before=state(stored())),
                evidence(run(post()), run(sent("GET", "/Users/7"))),
            ],
            [simply(patch(id_="None")), simply(patch(id_="1"), before=state(stored()))],
        ),
        ("addressing.keeps_credentials_out_of_uris", "7644-7.1-C01"): (
            [simply(ask("a"), post())],
            [
                simply(sent("GET", "http://admin:pass@127.0.0.1:8080/scim/v2/Users")),
                simply(post(body={"profileUrl": "http://ann:pw@x.test/"})),
            ],
        ),
        ("querying.writes_filters_by_the_grammar", "7644-3.4.2.2-C01"): (
            [
                simply(ask("ann@x.test")),
                simply(sent("GET", "/Users?filter=not%20(title%20pr)%20and%20active%20eq%20true")),
            ],
            [
                simply(sent("GET", "/Users?filter=userName%20eq%20ann")),
                simply(sent("GET", "/Users?filter=userName%20eq%20%27ann%27")),
                simply(sent("GET", "/Users?filter=userName%20eq%20%22a%22b%22")),
                simply(sent("GET", "/Users?filter=")),
                simply(sent("GET", "/Users?filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22a%22")),
            ],
        ),
        ("querying.compares_simple_values", "7644-3.4.2.2-C02"): (
            [simply(ask("a", by="emails.value")), simply(ask("a"))],
            [simply(ask("7", by="members", kind="Groups")), simply(ask("a", by="name"))],
        ),
        ("querying.compares_simple_values", "7643-2.3.5-C01"): (
            [simply(sent("GET", "/Users?filter=meta.lastModified%20gt%20%222026-01-02T03:04:05Z%22"))],
            [
                simply(sent("GET", "/Users?filter=meta.lastModified%20gt%20%222026-01-02%22")),
                simply(sent("GET", "/Users?filter=meta.created%20gt%201700000000")),
            ],
        ),
        ("querying.qualifies_extension_attributes", "7644-3.10-C01"): (
            [
                simply(ask("x", by="urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department")),
                simply(
                    patch(op("replace", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "Ops"))
                ),
            ],
            [
                simply(ask("x", by="department")),
                simply(patch(op("replace", "department", "Ops"))),
                simply(patch(op("add", "manager.value", "7"))),
                simply(sent("GET", "/Users?attributes=userName,employeeNumber")),
            ],
        ),
        ("querying.names_attributes_in_standard_notation", "7644-3.4.2.5-C01"): (
            [simply(sent("GET", "/Users?attributes=userName,name.givenName"))],
            [simply(sent("GET", "/Users?attributes=name/givenName")), simply(sent("GET", "/Users?attributes=a b,"))],
        ),
        ("querying.names_attributes_in_standard_notation", "7644-3.9-C01"): (
            [simply(sent("GET", "/Users?attributes=id"))],
            [simply(sent("GET", "/Users?attributes=id&excludedAttributes=name"))],
        ),
        ("querying.names_attributes_in_standard_notation", "7644-3.4.3-C02"): (
            [simply(sent("GET", "/Users?sortBy=name.familyName"))],
            [simply(sent("GET", "/Users?sortBy=-userName"))],
        ),
        ("querying.names_the_search_message", "7644-3.4.3-C01"): (
            [simply(search(filter="title pr"))],
            [simply(search(schemas=[])), simply(search(schemas="x"))],
        ),
        ("querying.keeps_personal_data_out_of_urls", "7644-7.5.2-C01"): (
            [simply(search(filter='userName eq "a"'))],
            [simply(ask("a")), simply(ask("a", by="emails.value"))],
        ),
        ("querying.keeps_personal_data_out_of_urls", "7644-3.12-C05"): (
            [simply(search(filter='userName eq "a"'))],
            [simply(ask("a")), simply(ask("Ash", by="name.familyName"))],
        ),
    },
    silent={
        ("matching.asks_for_the_value_of_the_source", "CON-MATCH-03"): [
            simply(ask("5d2e9c0e-0000-0000-0000-000000000000"), people=[ANN])
        ],
        ("matching.creates_nobody_who_was_found", "7644-3.4.2-C01"): [
            simply(ask("ann@x.test"), people=[replace(ANN, active=False)]),
            simply(ask("ann@x.test"), people=[ANN], status=1),
        ],
        ("matching.compares_what_it_finds", "CON-MATCH-05"): [
            simply(ask("ann@x.test"), post(), teams=[OPS]),
        ],
        ("querying.keeps_personal_data_out_of_urls", "7644-3.12-C05"): [simply(ask_group("Ops"))],
        ("querying.compares_simple_values", "7644-3.4.2.2-C02"): [simply(sent("GET", "/Users?filter=emails%20pr"))],
    },
)
