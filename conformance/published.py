"""Documents that a target publishes and nobody changes, asked for once in a run."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.client import Answer, ScimClient


@dataclass(slots=True)
class Published:
    """Reads documents by path; who reads one that is known already has its exchange among the evidence all the same."""

    client: ScimClient
    known: dict[str, Answer] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """The answer to a GET, the first one of the run; one that is no 2xx is asked for again."""
        found = self.known.get(path)
        if found is not None:
            self.client.transport.recorder.note(found.exchange)
            return found
        answer = self.client.get(path)
        if answer.ok:
            self.known[path] = answer
        return answer
