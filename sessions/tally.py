"""Counting a closed box: votes an option, who is elected, which tie goes back to the forum, and the Merkle root."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sessions.canonical import canonical
from sessions.journal import BoxCount
from sessions.model.ballot import Ballot, Count, Result


def tally(ballot: Ballot, box: BoxCount) -> Result:
    """The result of this box under the ballot's rule; a vote without choices is blank and counts as cast."""
    votes = Counter(option for choices in box.choices for option in choices)
    counts = tuple(Count(option.id, votes[option.id]) for option in ballot.options)
    elected, tied = elect(counts, ballot.choose_max)
    return Result(
        counts=counts,
        cast=len(box.choices),
        blank=sum(not choices for choices in box.choices),
        electorate=len(ballot.electorate),
        elected=elected,
        tied=tied,
        root=merkle_root(leaves(ballot, box)),
    )


def elect(counts: Sequence[Count], places: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The options with most votes that fill the places, most votes first, and those tied across the border.

    A tie across the border elects none of the tied. An option nobody chose is neither elected nor tied.
    """
    chosen = sorted((count for count in counts if count.votes), key=lambda count: -count.votes)
    if len(chosen) <= places:
        return tuple(count.option for count in chosen), ()
    border = chosen[places].votes
    elected = tuple(count.option for count in chosen[:places] if count.votes > border)
    tied = tuple(count.option for count in chosen if count.votes == border)
    return (elected, tied) if len(elected) < places else (elected, ())


def published(ballot: Ballot, box: BoxCount) -> dict[str, list[Any]]:
    """The lists a transcript publishes, each sorted by itself.

    An open ballot: seat with choices. Secret with proof `full`: tracker with choices. Secret with proof `inclusion`:
    trackers and choices apart, so that a receipt proves a vote was counted and never which one.
    """
    if ballot.secrecy == "open":
        return {"votes": [{"seat": seat, "choices": list(choices)} for seat, choices in sorted(box.pairs)]}
    if ballot.proof == "full":
        return {"votes": [{"tracker": tracker, "choices": list(choices)} for tracker, choices in sorted(box.pairs)]}
    return {"trackers": sorted(box.trackers), "choices": [list(choices) for choices in sorted(box.choices)]}


def leaves(ballot: Ballot, box: BoxCount) -> list[bytes]:
    """Canonical JSON of every entry of the published lists: `trackers` then `choices`, or `votes`."""
    lists = published(ballot, box)
    return [canonical(entry) for name in ("trackers", "choices", "votes") for entry in lists.get(name, ())]


def result_json(result: Result | None) -> dict[str, Any] | None:
    """A result as docs/protocol.md §4 writes it."""
    if result is None:
        return None
    return {
        "counts": [{"option": count.option, "votes": count.votes} for count in result.counts],
        "cast": result.cast,
        "blank": result.blank,
        "electorate": result.electorate,
        "elected": list(result.elected),
        "tied": list(result.tied),
        "root": result.root,
    }


def merkle_root(entries: Sequence[bytes]) -> str:
    """Hash tree of RFC 6962 §2.1 over the entries in this order, SHA-256, as 64 hex digits."""
    if not entries:
        return hashlib.sha256().hexdigest()
    level = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    # Pairing neighbours and carrying an odd one up gives the tree of RFC 6962 (left part: largest power of two).
    while len(level) > 1:
        paired = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = paired + level[2 * len(paired) :]
    return level[0].hex()
