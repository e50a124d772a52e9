"""The name of a test case of schemathesis, whatever its specification."""

from __future__ import annotations

from typing import Any, TypeAlias

from schemathesis.generation.case import Case

AnyCase: TypeAlias = Case[Any]
