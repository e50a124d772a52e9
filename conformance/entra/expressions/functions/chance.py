"""Functions that draw lots; they draw from the context, so that a run can be repeated."""

from __future__ import annotations

import string
import uuid

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.context import EvaluationError
from conformance.entra.expressions.functions.declaring import function
from conformance.entra.values import Value

SPECIAL = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/"
LONGEST = 256


@function("Guid")
def guid(given: Arguments) -> Value:
    """A new GUID."""
    return str(uuid.UUID(int=given.context.random.getrandbits(128), version=4))


@function(
    "RandomString",
    "Length",
    "MinimumNumbers",
    "MinimumSpecialCharacters",
    "MinimumCapital",
    "MinimumLowerCase",
    "CharactersToAvoid?",
)
def random_string(given: Arguments) -> Value:
    """A random text with at least so many characters of each sort; the rest are of the sorts that were asked for."""
    sorts = {
        "MinimumNumbers": string.digits,
        "MinimumSpecialCharacters": SPECIAL,
        "MinimumCapital": string.ascii_uppercase,
        "MinimumLowerCase": string.ascii_lowercase,
    }
    length, least = given.whole("Length"), {name: given.whole(name) for name in sorts}
    total = sum(least.values())
    if min(least.values()) < 0 or not max(total, 1) <= length <= LONGEST:
        raise EvaluationError(f"Length is from {max(total, 1)}, the sum of the minima, to {LONGEST}, not {length}")
    avoided = given.text("CharactersToAvoid") or ""
    allowed = {
        name: [each for each in sorts[name] if each not in avoided] for name in sorts if least[name] or not total
    }
    if not all(allowed.values()):
        raise EvaluationError("CharactersToAvoid leaves no character of a sort that is asked for")
    draw = given.context.random
    drawn = [draw.choice(allowed[name]) for name, number in least.items() for _ in range(number)]
    anything = [each for some in allowed.values() for each in some]
    drawn += [draw.choice(anything) for _ in range(length - total)]
    draw.shuffle(drawn)
    return "".join(drawn)
