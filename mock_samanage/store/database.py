"""A database and its transactions."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Literal

from mock_samanage.store.session import Session


class Store:
    """Signatures first; bodies follow."""

    @classmethod
    def open(cls, url: str = "sqlite://", *, durability: Literal["normal", "full"] = "normal", busy_timeout: float = 5.0) -> Store: raise NotImplementedError
    def close(self) -> None: raise NotImplementedError
    def reading(self) -> AbstractContextManager[Session]: raise NotImplementedError
    def writing(self) -> AbstractContextManager[Session]: raise NotImplementedError
    def secret(self, name: str) -> bytes: raise NotImplementedError
