"""What tests of several nodes share."""

from __future__ import annotations

from tests.fixtures.postgres import cluster

__all__ = ["cluster"]
