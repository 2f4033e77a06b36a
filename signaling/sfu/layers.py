"""What each slot of a subscriber carries: pure, from what is wanted, what its face shows and who publishes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from signaling.engine import Direction, Shown, Source

LOUDEST = 3
MAX_AUDIO = 8
MAX_STAGE = 4
ALONE = "@"  # prefix of a feed's key when its peer stands for no hall (a delegate who was given the floor)

Feed = tuple[str, Source]  # (hall or @peer, source)


@dataclass(frozen=True, slots=True)
class Plan:
    """audio: whose. stage: by place. thumbs: most important first; None: the hall publishes nothing yet."""

    audio: tuple[str, ...]
    stage: tuple[tuple[str, Source | None], ...]
    thumbs: tuple[tuple[str, Source | None], ...]


def plan(
    direction: Direction,
    shown: Shown,
    own: str | None,
    feeds: Mapping[Feed, bool],
    loudest: Sequence[str],
    recent: Sequence[str],
    last_n: int,
) -> Plan:
    """What one subscriber gets.

    feeds: who publishes what, and whether it flows. loudest, recent: see audiolevel. last_n: most thumbnails.
    """
    stage = direction.stage[:MAX_STAGE] if shown.stage else ()
    halls = last(shown.halls, last_n, (*direction.stage, *direction.speakers, *recent))
    return Plan(
        audio(direction, own, feeds, loudest) if shown.audio else (),
        tuple((hall, stage_source(hall, direction, feeds)) for hall in stage),
        tuple((hall, thumb_source(hall, direction, feeds)) for hall in halls),
    )


def audio(direction: Direction, own: str | None, feeds: Collection[Feed], loudest: Sequence[str]) -> tuple[str, ...]:
    """Whoever holds the floor and the three loudest; never the listener's own hall, never a muted one."""

    def heard(hall: str) -> bool:
        return hall != own and hall not in direction.muted and (hall, "mic") in feeds

    speakers = sorted(hall for hall, source in feeds if source == "mic" and _speaks(hall, direction) and heard(hall))
    others = [hall for hall in loudest if heard(hall)][:LOUDEST]
    return tuple(dict.fromkeys([*speakers, *others]))[:MAX_AUDIO]


def _speaks(hall: str, direction: Direction) -> bool:
    return hall in direction.speakers or hall.startswith(ALONE)


def audio_slots(direction: Direction) -> int:
    """How many audio slots a listener needs."""
    return min(MAX_AUDIO, LOUDEST + max(1, len(direction.speakers)))


def stage_source(hall: str, direction: Direction, feeds: Mapping[Feed, bool]) -> Source | None:
    """Slides, else HD, each once it flows; until then the thumbnail."""
    if hall in direction.blanked:
        return None
    for source in ("slides", "camera_hd"):
        if feeds.get((hall, source)):
            return source
    return thumb_source(hall, direction, feeds)


def thumb_source(hall: str, direction: Direction, feeds: Mapping[Feed, bool]) -> Source | None:
    return "camera" if (hall, "camera") in feeds and hall not in direction.blanked else None


def wanted(direction: Direction, stage: bool, thumbs: Collection[str], feeds: Collection[Feed]) -> frozenset[Feed]:
    """Which feeds have to be sent at all; microphones always. stage, thumbs: whether, and whose, anybody shows."""
    halls = [hall for hall in direction.stage[:MAX_STAGE] if hall not in direction.blanked] if stage else []
    best: list[Feed] = [(hall, "slides" if (hall, "slides") in feeds else "camera_hd") for hall in halls]
    small: list[Feed] = [(hall, "camera") for hall in (*halls, *thumbs) if hall not in direction.blanked]
    return frozenset(feed for feed in feeds if feed[1] == "mic" or feed in best or feed in small)


def last(halls: Sequence[str], limit: int, favoured: Sequence[str]) -> tuple[str, ...]:
    """At most `limit` of the halls, in their order: half of the places for the favoured, the rest by importance."""
    if len(halls) <= limit:
        return tuple(halls)
    kept = [hall for hall in dict.fromkeys(favoured) if hall in halls][: (limit + 1) // 2]
    kept += [hall for hall in halls if hall not in kept][: limit - len(kept)]
    return tuple(hall for hall in halls if hall in kept)


def assign(current: Sequence[str | None], wanted: Sequence[str]) -> list[str | None]:
    """Give each wanted hall a slot. Whoever has one keeps it; the list grows only when it must, and never shrinks."""
    slots = [hall if hall in wanted else None for hall in current]
    for hall in wanted:
        if hall not in slots:
            if None in slots:
                slots[slots.index(None)] = hall
            else:
                slots.append(hall)
    return slots
