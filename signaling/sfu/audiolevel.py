"""Who is loudest in a room, without flapping: smoothed levels (RFC 6464) with a margin and a holding time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SILENCE = 127  # -dBov
ATTACK, RELEASE = 0.6, 0.15  # share of the way to the new level an update (four a second)
MARGIN = 6.0  # dB by which a challenger has to be louder
HOLD_S = 2.0  # a place once won is kept this long
SPEAKING, SILENT_AGAIN = 77.0, 70.0  # loudness (127 - level): -50 and -57 dBov
QUIET = 12.0  # below this nobody wins a place


def level_of(reported: int, bitrate_bps: float) -> int:
    """-dBov of a producer; where packets carry no level, guessed from how much Opus needed to say it.

    Encoders in variable bitrate spend 1–4 kbit/s on silence, 8 on a hum, 15 and more on speech.
    """
    if reported < SILENCE or bitrate_bps < 6000:
        return reported
    return round(max(25.0, 70.0 - (bitrate_bps - 8000) / 12000 * 45.0))


@dataclass(slots=True)
class _Voice:
    loudness: float = 0.0
    since: float = float("-inf")  # when it won its place
    speaking: bool = False
    spoke: float = float("-inf")


@dataclass(slots=True)
class ActiveSpeakers:
    """places: how many halls are chosen. One more than a listener needs, because its own hall may be among them."""

    places: int
    chosen: tuple[str, ...] = ()
    _voices: dict[str, _Voice] = field(default_factory=dict)

    def update(self, levels: Mapping[str, int], now_s: float) -> bool:
        """Take the levels (-dBov) of everybody who publishes; four times a second. True when `chosen` has changed."""
        for gone in self._voices.keys() - levels.keys():
            del self._voices[gone]
        for hall, level in levels.items():
            voice = self._voices.setdefault(hall, _Voice())
            target = float(SILENCE - level)
            voice.loudness += (target - voice.loudness) * (ATTACK if target > voice.loudness else RELEASE)
            voice.speaking = voice.loudness > (SILENT_AGAIN if voice.speaking else SPEAKING)
            if voice.speaking:
                voice.spoke = now_s
        before = set(self.chosen)
        self._choose(now_s)
        return before != set(self.chosen)

    def _choose(self, now_s: float) -> None:
        voices = self._voices
        chosen = [hall for hall in self.chosen if hall in voices]
        rivals = sorted((hall for hall in voices if hall not in chosen), key=lambda hall: -voices[hall].loudness)
        for rival in rivals:
            if voices[rival].loudness < QUIET:
                break
            if len(chosen) < self.places:
                chosen.append(rival)
                voices[rival].since = now_s
                continue
            weakest = min(chosen, key=lambda hall: voices[hall].loudness)
            if voices[rival].loudness < voices[weakest].loudness + MARGIN:
                break
            if now_s - voices[weakest].since < HOLD_S:
                continue
            chosen[chosen.index(weakest)] = rival
            voices[rival].since = now_s
        # loudest first, but only by margins that matter: a listener who takes three of four must not flap either
        chosen.sort(key=lambda hall: -round(voices[hall].loudness / MARGIN))
        self.chosen = tuple(chosen)

    def speaking(self, hall: str) -> bool:
        voice = self._voices.get(hall)
        return voice is not None and voice.speaking

    def recent(self) -> tuple[str, ...]:
        """Halls that spoke, the last one first."""
        spoke = [hall for hall, voice in self._voices.items() if voice.spoke > float("-inf")]
        return tuple(sorted(spoke, key=lambda hall: -self._voices[hall].spoke))
