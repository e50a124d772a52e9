"""/Me: the user who owns the credential, under a name that is the same for everybody (RFC 7644 section 3.11).

Each answer names the permanent URI of that user in Location.
"""

from __future__ import annotations

from mock_samanage.scim.errors import NotImplementedHere
from mock_samanage.web import resources
from mock_samanage.web.answer import Answer
from mock_samanage.web.call import Call
from mock_samanage.web.wire import ENDPOINTS

TYPE = "User"


def read(call: Call) -> Answer:
    """As GET on the permanent URI."""
    return _located(call, resources.read(call, TYPE, call.owner))


def replace(call: Call) -> Answer:
    """As PUT on the permanent URI."""
    return _located(call, resources.replace(call, TYPE, call.owner))


def patch(call: Call) -> Answer:
    """As PATCH on the permanent URI."""
    return _located(call, resources.patch(call, TYPE, call.owner))


def delete(call: Call) -> Answer:
    """As DELETE on the permanent URI; the credential ends with its owner."""
    return _located(call, resources.delete(call, TYPE, call.owner))


def create(_call: Call) -> Answer:
    """501: whoever is let in has a user already, so there is nothing to create."""
    raise NotImplementedHere("POST to /Me is not offered, because the owner of a credential is a user already.")


def _located(call: Call, answer: Answer) -> Answer:
    answer.headers.add("Location", f"{call.base}{ENDPOINTS[TYPE]}{call.owner}")
    return answer
