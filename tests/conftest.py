"""Machines are noisy: no property test fails because one example took long; pytest itself catches hangs.

Each run draws others: 25 where a test does not say how many, since the whole suite has a quarter of an hour.
"""

from hypothesis import settings

settings.register_profile("noisy", deadline=None, max_examples=25)
settings.load_profile("noisy")
