"""What a started server tells: where it is and how to get in, for people and for programs."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import asdict, dataclass
from pathlib import Path

from mock_samanage.settings import BadSetting


@dataclass(frozen=True, slots=True)
class Ready:
    """A server that answers. Secrets are None where they are those of an earlier start.

    url: the SCIM base URL. control: the base URL of the control API; control_token: what it demands, if anything.
    """

    url: str
    token: str | None
    username: str
    password: str | None
    account: str
    control: str
    pid: int
    control_token: str | None = None

    def document(self) -> dict[str, object]:
        """The members of the ready file; `control_token` only where there is one."""
        shown = asdict(self)
        if self.control_token is None:
            del shown["control_token"]
        return shown

    def write(self, path: Path) -> None:
        """Writes the JSON object to a file that only its owner reads, in one step; raises BadSetting."""
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(self.document(), file, indent=2)
                file.write("\n")
            draft.replace(path)
        except OSError as error:
            raise BadSetting(f"cannot write {path}: {error.strerror}") from error

    def curl(self, *, phase: str, cert: Path | None) -> str:
        """A command line that lists users; secrets unknown to this start are read from the environment."""
        words = ["curl", "--silent", "--show-error"]
        if cert is not None:
            words += ["--cacert", str(cert)]
        if phase == "basic":
            words += [
                "--user",
                f"{self.username}:{self.password}" if self.password else f"{self.username}:$SCIM_PASSWORD",
            ]
        else:
            words += ["--header", f"Authorization: Bearer {self.token or '$SCIM_TOKEN'}"]
        words.append(f"{self.url}/Users?count=2")
        return " ".join(_quoted(word) for word in words)


def prepare(path: Path) -> None:
    """Removes what an earlier server left at the path; raises BadSetting if this one could not write there."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise BadSetting(f"cannot write {path}: {error.strerror}") from error
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise BadSetting(f"cannot write {path}: {path.parent} is no folder that can be written to")


def _quoted(word: str) -> str:
    """The word for a POSIX shell; a variable in it stays one."""
    return f'"{word}"' if "$" in word else shlex.quote(word)
