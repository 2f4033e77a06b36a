"""What tests of several nodes share."""

from __future__ import annotations

from tests.fixtures.postgres import cluster
from tests.fixtures.redis import redis

__all__ = ["cluster", "redis"]
