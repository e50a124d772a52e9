"""What the provisioning simulator is measured by: its initial cycle at the tenant, and one without changes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from conformance.entra.config import read_config
from conformance.entra.job.engine import Job
from conformance.entra.job.model import Counts
from conformance.entra.job.opening import open_job
from conformance.entra.job.running import run_cycles
from tests.bench.servers import tenant

USERS, GROUPS, MEMBERS = 10_000, 200, 50
QUIET = 5
"""Cycles without changes, of which the median counts."""


def provisioned() -> tuple[float, float]:
    """Seconds of the initial cycle, the tenant's work included, and of a cycle without changes."""
    with tempfile.TemporaryDirectory() as name, tenant(Path(name), users=0) as (served, _):
        config = Path(name) / "app.toml"
        generated = f"users = {USERS}\ngroups = {GROUPS}\nmembers = {MEMBERS}\n"
        config.write_text(f"[application]\n[source.generate]\n{generated}", encoding="utf-8")
        url = f"http://{served.address[0]}:{served.address[1]}{served.prefix}"
        with open_job(read_config(config, url=url, token=served.token)) as job:
            initial, counts = _cycle(job)
            quiet = [_cycle(job) for _ in range(QUIET)]
    if counts.failed or counts.reference_failed or counts.created + counts.skipped != USERS + GROUPS:
        raise SystemExit(f"the initial cycle did not provision everybody: {counts}")
    if any(found.requests for _, found in quiet):
        raise SystemExit(f"a cycle without changes sent requests: {quiet}")
    return initial, median(took for took, _ in quiet)


def _cycle(job: Job) -> tuple[float, Counts]:
    start = time.perf_counter()
    (result,) = run_cycles(job)
    return time.perf_counter() - start, result.counts
