"""How many files and sockets this process may hold open; shells usually give 1,024, and each phone takes one."""

from __future__ import annotations

import logging
import resource

log = logging.getLogger(__name__)

SPARE = 512  # connections without a credential, database, worker, the plain requests


def allow(clients: int) -> None:
    """Raise the soft limit as far as the hard one lets, and say so when that is not enough."""
    wanted = clients + SPARE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    within = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (within, hard))
    if within < wanted:
        log.warning("only %d files may be open here (ulimit -Hn): fewer than %d clients get in", within, clients)
