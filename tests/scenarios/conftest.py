"""Scenarios run over a real database, see tests/fixtures/stores.py."""

from tests.fixtures.postgres import cluster
from tests.fixtures.stores import files, pytest_generate_tests, store

__all__ = ["cluster", "files", "pytest_generate_tests", "store"]
