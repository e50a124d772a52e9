"""The errors of the judge; only `Broken` says something about the target by itself.

ConformanceError
├── CatalogueError      a clause table, a profile or a known-deviations file cannot be read
├── UsageFault          an option, a file or an address is wrong; shown as one line, exit 2
│   └── TargetUnfit     nothing answers, the credential is refused, or it is no SCIM server
├── ReportError         a report is empty, unfinished, double or not in its format
├── SuiteFault          a check breaks the rules of a check
├── Unusable            an answer cannot be used for what the check needs next
├── Troubled            a connector was not found, hung, flooded or was killed
├── HookAbsent          the target does not offer the hook
├── HookRefused         the hook was asked for something it refuses
└── Broken              a clause does not hold; raised inside a Hypothesis search only

Interruption (BaseException, so that no search goes on with it)
├── Dropped             this request gets no answer, the one before it still does
└── Unreachable         the target answers nothing any more
"""

from __future__ import annotations

from conformance.model import Exchange


class ConformanceError(Exception):
    """Everything the judge raises on purpose."""


class CatalogueError(ConformanceError):
    """A clause table, a profile or a known-deviations file cannot be read; the text names the file."""


class UsageFault(ConformanceError):
    """An option, a file or an address is wrong; the text says what would be right."""


class TargetUnfit(UsageFault):
    """Nothing answers at the URL, the credential is refused, or it is no SCIM server."""


class ReportError(ConformanceError):
    """A report is empty, unfinished, double or not in its format."""


class SuiteFault(ConformanceError):
    """A check breaks the rules of a check, for example judges a clause it does not declare."""


class Unusable(ConformanceError):
    """An answer cannot be used for what the check needs next; `exchange` is the evidence.

    `setup` is true when a fixture's request failed, not one the check makes itself.
    """

    def __init__(self, message: str, exchange: Exchange | None = None, *, setup: bool = False) -> None:
        super().__init__(message)
        self.exchange = exchange
        self.setup = setup

    @property
    def status(self) -> int | None:
        """The status of the answer, if there is one."""
        return self.exchange.status if self.exchange else None


class Troubled(ConformanceError):
    """A connector was not found, hung, flooded or was killed, which says nothing about its conformance."""


class HookAbsent(ConformanceError):
    """The target does not offer the hook."""


class HookRefused(ConformanceError):
    """The hook refuses what it was asked for; `status` is the HTTP status or the command's exit status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class Broken(ConformanceError):
    """A clause does not hold; Hypothesis shrinks on it."""


class Interruption(BaseException):
    """The target stopped answering; `exchange` is the request that got no answer."""

    def __init__(self, message: str, exchange: Exchange) -> None:
        super().__init__(message)
        self.exchange = exchange


class Dropped(Interruption):
    """The target dropped this request, and answers others."""


class Unreachable(Interruption):
    """The target answers nothing any more."""
