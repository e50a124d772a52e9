"""What can be wrong with what a provisioning job is given.

ConformanceError
└── UsageFault
    └── ProvisioningError
        ├── ConfigError      a line of app.toml
        ├── ExpressionError  an attribute mapping expression, with the column
        ├── ScopeError       a scoping filter
        └── SourceError      a file or script of the source directory
"""

from __future__ import annotations

from conformance.errors import UsageFault


class ProvisioningError(UsageFault):
    """What a job was given is wrong; the message says where, what, and what would be right."""


class ConfigError(ProvisioningError):
    """The configuration of an application is wrong."""


class ScopeError(ProvisioningError):
    """A scoping filter is wrong."""


class SourceError(ProvisioningError):
    """A file or a script of the source directory is wrong."""


class ExpressionError(ProvisioningError):
    """An expression is wrong at a column, counted from 1."""

    def __init__(self, problem: str, expression: str, column: int) -> None:
        super().__init__(f"{problem}, in column {column} of {expression!r}")
        self.expression, self.column = expression, column
