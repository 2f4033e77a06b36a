"""Machines are noisy: no property test here fails because one example took long; pytest itself catches hangs."""

from hypothesis import settings

settings.register_profile("noisy", deadline=None)
settings.load_profile("noisy")
