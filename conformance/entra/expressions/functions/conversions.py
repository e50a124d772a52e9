"""Functions that turn values into other types and spellings."""

from __future__ import annotations

from base64 import b64encode

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.coercion import truth
from conformance.entra.expressions.functions.declaring import function
from conformance.entra.values import Value


@function("BitAnd", "value1", "value2")
def bit_and(given: Arguments) -> Value:
    """The bits that both numbers have; a number is decimal, or hexadecimal after &H."""
    return given.whole("value1") & given.whole("value2")


@function("CBool", "Expression", compares=True)
def c_bool(given: Arguments) -> Value:
    """True for a number that is not 0, for "True" and for a comparison that holds; else False."""
    return truth(given.value("Expression")) is True


@function("CStr", "value")
def c_str(given: Arguments) -> Value:
    """The value as text."""
    return given.text("value")


@function("ConvertToBase64", "source")
def convert_to_base64(given: Arguments) -> Value:
    """The source in UTF-16, little-endian, as Base64."""
    source = given.text("source")
    return None if source is None else b64encode(source.encode("utf-16-le", "surrogatepass")).decode()


@function("ConvertToUTF8Hex", "source")
def convert_to_utf8_hex(given: Arguments) -> Value:
    """The source in UTF-8 as hexadecimal digits, in capitals."""
    source = given.text("source")
    return None if source is None else source.encode("utf-8", "surrogatepass").hex().upper()
