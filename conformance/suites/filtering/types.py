"""Booleans, numbers, moments, references and certificates in filters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from conformance.judging import budget, clause, either, holds, not_applicable, refused
from conformance.oracle import instant
from conformance.population import Users
from conformance.strategies.population import Population
from conformance.strategies.trees import And, Compare, Or
from conformance.strategies.vocabulary import values
from conformance.suites.filtering.asking import bad, exactly, nobody_or_refused, shown, unsupported, variants_of
from conformance.target import Target

pytestmark = budget(4, 5)

ORDER = ("gt", "ge", "lt", "le")


def _having(population: Population, path: str, wanted: Any) -> set[str]:
    return {id_ for id_, user in population.users.items() if wanted in values(user, path)}


@clause("7644-3.4.2.2-20")
def test_booleans_are_json_literals(population: Population) -> None:
    """true and false split the users by a boolean."""
    exactly("7644-3.4.2.2-20", population, Compare("active", "eq", True), Compare("active", "eq", False))
    exactly("7644-3.4.2.2-20", population, Compare("active", "ne", True), Compare("emails.primary", "eq", True))


@clause("7159-3-01")
def test_literals_are_lower_case(population: Population) -> None:
    """True, FALSE and Null are no literals."""
    bad("7159-3-01", population, "active eq True", "active eq FALSE", "title eq Null")


@clause("7644-3.12-13")
def test_a_text_against_a_boolean(population: Population) -> None:
    """A text compared with a boolean is refused, finds nobody, or counts as the boolean."""
    asked = population.ask('active eq "true"')
    variants = variants_of(population, asked, {"no-match": [], "coerced": _having(population, "active", True)})
    either("7644-3.12-13", "AMB-06", variants, observed=shown(asked.answer), answer=asked.answer)


@clause("7644-3.12-14")
def test_substrings_of_what_is_no_text(population: Population) -> None:
    """A substring of a boolean or a moment is refused, finds nobody, or is sought in the text."""
    year = str(values(next(iter(population.users.values())), "meta.created")[0])[:4]
    texts = {
        'active co "tr"': _having(population, "active", True),
        'active sw "fa"': _having(population, "active", False),
        f'meta.created sw "{year}"': set(population.users),
    }
    for text, wanted in texts.items():
        asked = population.ask(text)
        variants = variants_of(population, asked, {"no-match": [], "text": wanted})
        about = text.partition(" ")[0]
        told = f"{text}: {shown(asked.answer)}"
        either("7644-3.12-14", "AMB-07", variants, observed=told, about=about, answer=asked.answer)


@clause("7644-3.4.2.2-18")
def test_booleans_have_no_order(population: Population) -> None:
    """gt, ge, lt and le on a boolean are refused."""
    bad("7644-3.4.2.2-18", population, *(f"active {op} false" for op in ORDER))


@clause("7644-3.4.2.2-19")
def test_certificates_have_no_order(population: Population, target: Target) -> None:
    """gt, ge, lt and le on a binary attribute are refused."""
    declared = target.capabilities.attribute("User", "x509Certificates.value") or {}
    if declared.get("type") != "binary":
        not_applicable("7644-3.4.2.2-19", "the User schema has no binary x509Certificates.value")
        return
    bad("7644-3.4.2.2-19", population, *(f'x509Certificates.value {op} "A"' for op in ORDER))


@clause("7643-2.3.6-04")
def test_certificates_are_compared_exactly(users: Users) -> None:
    """A certificate is found by its Base64 text and by no other case of it, or not filterable."""
    text = "MIIBszCCAVmgAwIBAgIUKh8"
    made = users.post(users.body(x509Certificates=[{"value": f"{text}="}]))
    if not made.ok:
        not_applicable("7643-2.3.6-04", f"the target refuses the certificate: {shown(made)}")
        return
    name = made.resource["userName"]
    for value, wanted in ((f"{text}=", 1), (f"{text.swapcase()}=", 0)):
        answer = users.client.query(users.endpoint, f'userName eq "{name}" and x509Certificates.value eq "{value}"')
        fine = answer.status == 400 or (answer.ok and answer.total == wanted)
        told = answer.total if answer.ok else shown(answer)
        holds("7643-2.3.6-04", fine, expected=f"{wanted}, or 400", observed=told, answer=answer)


@clause("7643-2.3.7-06")
def test_references_keep_to_one_case_rule(users: Users, target: Target) -> None:
    """A reference is found as it was written; another case is always another value, or never."""
    url = f"https://{target.capabilities.endpoint('User').strip('/')}.example.com/Profile/{users.run.name('url')}"
    made = users.post(users.body(profileUrl=url))
    if not made.ok or "profileUrl" not in made.resource:
        not_applicable("7643-2.3.7-06", f"the target keeps no profileUrl: {shown(made)}")
        return
    same, other = (users.client.query(users.endpoint, f'profileUrl eq "{text}"') for text in (url, url.upper()))
    counts = [answer.total if answer.ok else shown(answer) for answer in (same, other)]
    if counts == ["400 invalidFilter"] * 2:
        not_applicable("7643-2.3.7-06", "profileUrl is not filterable")
        return
    either(
        "7643-2.3.7-06",
        "AMB-09",
        {"exact": counts == [1, 0], "folded": counts == [1, 1]},
        observed=counts,
        answer=other,
    )


def _unit(text: str) -> timedelta:
    digits = len(text.partition(".")[2].rstrip("Z").partition("+")[0])
    return timedelta(microseconds=max(1, 10 ** (6 - min(digits, 6))))


def _around(population: Population) -> tuple[str, set[str], set[str]]:
    """The middle moment of the population, and who was created clearly before and after it (AMB-08)."""
    created = {id_: str(values(user, "meta.created")[0]) for id_, user in population.users.items()}
    text = sorted(created.values(), key=instant)[len(created) // 2]
    moment, unit = instant(text), _unit(text)
    early = {id_ for id_, other in created.items() if instant(other) < moment - unit}
    return text, early, {id_ for id_, other in created.items() if instant(other) > moment + unit}


def _moved(text: str) -> str:
    """The same moment, written two hours east."""
    return (instant(text) + timedelta(hours=2)).isoformat().replace("+00:00", "+02:00")


@clause("7644-3.4.2.2-16")
@budget(12, 13)
def test_moments_are_ordered(population: Population) -> None:
    """gt, ge, lt and le compare moments, whatever offset they are written in."""
    text, early, late = _around(population)
    for op, wanted, others in (("gt", late, early), ("ge", late, early), ("lt", early, late), ("le", early, late)):
        for operand in (text, _moved(text)):
            asked = population.ask(Compare("meta.created", op, operand))
            if asked.refused:
                unsupported("7644-3.4.2.2-16", f"meta.created {op}", asked.answer)
                continue
            found = population.seen(asked)
            told = f"missing {population.names(wanted - found)}; surplus {population.names(found & others)}"
            right = asked.answer.ok and wanted <= found and not found & others
            holds("7644-3.4.2.2-16", right, expected=asked.text, observed=told, answer=asked.answer)


@clause("7644-3.4.2.2-16")
def test_far_moments_are_ordered(population: Population) -> None:
    """A moment years ago is before every user's."""
    far = [Compare("meta.created", op, "2011-05-13T04:42:34Z") for op in ("gt", "lt")]
    exactly("7644-3.4.2.2-16", population, *far)


@clause("7644-3.4.2.2-22")
def test_a_moment_equals_itself(population: Population) -> None:
    """A moment is found by the text returned; another offset finds the same or nothing."""
    text = str(values(population.user("gil"), "meta.created")[0])
    same = {id_ for id_, user in population.users.items() if text in values(user, "meta.created")}
    asked = population.ask(Compare("meta.created", "eq", text))
    if asked.refused:
        unsupported("7644-3.4.2.2-22", "meta.created eq", asked.answer)
        return
    found = population.names(population.seen(asked) ^ same)
    holds("7644-3.4.2.2-22", found == "nobody", expected=asked.text, observed=f"amiss: {found}", answer=asked.answer)
    asked = population.ask(Compare("meta.created", "eq", _moved(text)))
    variants = {"instant": population.seen(asked) == same, "text": not asked.ids}
    either(
        "7644-3.4.2.2-22", "AMB-08", variants, observed=population.names(population.seen(asked)), answer=asked.answer
    )


@clause("7644-3.12-15")
def test_what_is_no_moment_is_refused(population: Population) -> None:
    """An operand that is no moment is refused where a moment is compared."""
    for text in ('meta.created gt "yesterday"', 'meta.lastModified le "2011-13-41T00:00:00Z"'):
        answer = population.scim.query(population.path, text, count=1)
        refused("7644-3.12-15", answer, status=400, scim_type="invalidFilter")


def _numbers(users: Users, target: Target, kind: str, pair: tuple[Any, Any]) -> tuple[str, list[str]] | None:
    """A writable attribute of a numeric type, and the names of two users who hold the pair."""
    for schema in target.capabilities.schemas_of("User"):
        for entry in schema.get("attributes") or ():
            usable = (
                entry.get("type") == kind and not entry.get("multiValued") and entry.get("mutability") == "readWrite"
            )
            if usable:
                made = [users.create(**_member(schema, entry, value, users)) for value in pair]
                urn = "" if ":core:" in str(schema.get("id")) else f"{schema.get('id')}:"
                return f"{urn}{entry['name']}", [str(user["userName"]) for user in made]
    return None


def _member(schema: Mapping[str, Any], entry: Mapping[str, Any], value: Any, users: Users) -> dict[str, Any]:
    if ":core:" in str(schema.get("id")):
        return {str(entry["name"]): value}
    urn = str(schema.get("id"))
    return {"schemas": [*users.body()["schemas"], urn], urn: {str(entry["name"]): value}}


def _compared(clause_id: str, users: Users, names: list[str], cases: Mapping[str, list[int]]) -> None:
    fence = " or ".join(f'userName eq "{name}"' for name in names)
    for text, wanted in cases.items():
        answer = users.client.query(users.endpoint, f"({text}) and ({fence})")
        found = [str(entry.get("userName")) for entry in answer.resources] if answer.ok else [shown(answer)]
        right = sorted(found) == sorted(names[index] for index in wanted)
        holds(clause_id, right, expected=f"{text}: {wanted}", observed=found, answer=answer)


@clause("7644-3.4.2.2-17", "7644-3.4.2.2-21", "7159-6-01")
@budget(13)
def test_integers_are_compared_as_numbers(users: Users, target: Target) -> None:
    """Integers are compared as numbers, with JSON numbers."""
    found = _numbers(users, target, "integer", (9, 10))
    if found is None:
        for clause_id in ("7644-3.4.2.2-17", "7644-3.4.2.2-21", "7159-6-01"):
            not_applicable(clause_id, "User has no writable integer attribute")
        return
    path, names = found
    order = {f"{path} lt 10": [0], f"{path} gt 9": [1], f"{path} ge 9": [0, 1], f"{path} le 9": [0]}
    _compared("7644-3.4.2.2-17", users, names, order)
    _compared("7644-3.4.2.2-21", users, names, {f"{path} eq 9": [0], f"{path} ne 9": [1]})
    for text in ("05", "+5", ".5"):
        answer = users.client.query(users.endpoint, f"{path} eq {text}", count=1)
        refused("7159-6-01", answer, status=400, scim_type="invalidFilter")


@clause("7643-2.3.3-02")
@budget(6)
def test_decimals_are_compared_as_numbers(users: Users, target: Target) -> None:
    """Decimals are compared as numbers."""
    found = _numbers(users, target, "decimal", (1.5, 10.25))
    if found is None:
        not_applicable("7643-2.3.3-02", "User has no writable decimal attribute")
        return
    path, names = found
    _compared("7643-2.3.3-02", users, names, {f"{path} eq 1.50": [0], f"{path} lt 10": [0], f"{path} gt 2": [1]})


@clause("7643-7-31")
def test_passwords_are_not_found(population: Population) -> None:
    """A filter over a password finds nobody or is refused."""
    nobody_or_refused("7643-7-31", population, 'password eq "x"', 'password sw "a"')


@clause("7644-3.4.2.2-29")
def test_conditions_without_brackets_are_independent(population: Population) -> None:
    """Without brackets, two conditions may be met by two different values."""
    home = values(population.user("cy"), "emails.value")[1]
    pair = (Compare("emails.type", "eq", "work"), Compare("emails.value", "eq", home))
    exactly("7644-3.4.2.2-29", population, And(pair), Or(pair))
