"""Machines are noisy: no property test fails because one example took long; pytest itself catches hangs.

Forty examples where a test does not say how many: the whole suite has a quarter of an hour, and each run draws others.
"""

from hypothesis import settings

settings.register_profile("noisy", deadline=None, max_examples=40)
settings.load_profile("noisy")
