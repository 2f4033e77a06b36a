"""What a simulated hall's microphone hears: its own gentle hum, and a voice-like tone while it speaks."""

from __future__ import annotations

import array
import math
from collections.abc import Callable

RATE = 8000  # Opus takes it as it is; nothing here sounds above 2 kHz
SCALE = (0, 2, 4, 7, 9)  # pentatonic, so that several halls at once still sound agreeable


def pitch(place: int) -> float:
    """Hertz; two octaves up from 110."""
    octave, step = divmod(place % 10, len(SCALE))
    return 110.0 * math.pow(2.0, octave + SCALE[step] / 12)


def murmur(place: int, seconds: float) -> array.array[int]:
    """16-bit mono samples at RATE: -50 dBov."""
    return _wave(pitch(place), seconds, lambda at: 0.004, (1.0,))


def speech(place: int, seconds: float) -> array.array[int]:
    """Syllables at 4 Hz in phrases of two seconds: about -20 dBov."""

    def loudness(at: float) -> float:
        syllable = 0.55 - 0.45 * math.cos(2 * math.pi * 4 * at)
        phrase = 1.0 if at % 2.0 < 1.6 else 0.08
        return 0.22 * syllable * phrase

    return _wave(pitch(place), seconds, loudness, (1.0, 0.6, 0.45, 0.3, 0.18))


def _wave(
    hertz: float, seconds: float, loudness: Callable[[float], float], harmonics: tuple[float, ...]
) -> array.array[int]:
    turns = [2 * math.pi * hertz * (number + 1) / RATE for number in range(len(harmonics))]
    strength = sum(harmonics)
    samples = array.array("h")
    for at in range(int(seconds * RATE)):
        drift = math.sin(2 * math.pi * 0.5 * at / RATE) * 0.6  # gently out of tune with itself
        value = sum(part * math.sin(turn * at + drift) for part, turn in zip(harmonics, turns, strict=True))
        samples.append(int(32767 * loudness(at / RATE) * value / strength))
    return samples
