"""What of a box is published, and the Merkle root that seals it into the result."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sessions.canonical import canonical
from sessions.choices import is_blank
from sessions.count import ONE, Weighed, pairwise, support, values
from sessions.electorate import counted_hands
from sessions.journal import BoxCount
from sessions.model.ballot import BORDA, ROWS, SCHULZE, SUMS, VALUED, Ballot, HandCount, Rule


def published(ballot: Ballot, box: BoxCount) -> dict[str, list[Any]]:
    """The lists a transcript publishes, each sorted by itself.

    An open ballot: seat with choices, and hand-counts where there are any. Secret with proof `full`: tracker with
    choices. Secret with proof `inclusion`: trackers and, apart from them, the papers or their sums, so that a receipt
    proves a vote was counted and never which one.
    """
    if ballot.secrecy == "open":
        votes = [{"seat": seat, "choices": list(choices)} for seat, choices in sorted(box.pairs)]
        hands = [hand_json(hand) for hand in counted_hands(ballot)]
        return {"votes": votes, "hands": hands} if hands else {"votes": votes}
    if ballot.proof == "full":
        return {"votes": [{"tracker": tracker, "choices": list(choices)} for tracker, choices in sorted(box.pairs)]}
    trackers = {"trackers": sorted(box.trackers)}
    if ballot.rule.published == SUMS:
        return {**trackers, "sums": sums(ballot, box)}
    return {**trackers, "choices": [list(choices) for choices in sorted(box.choices)]}


def published_as(secrecy: str, proof: str | None, rule: Rule, choose_max: int) -> str:
    """How a ballot opened now publishes what was voted.

    A paper that holds more than one choice can carry a pattern of minor choices that a buyer prescribed and then looks
    for among the papers; sums hold no papers. One choice of few says nothing that its sum does not say.
    """
    hidden = secrecy == "secret" and proof == "inclusion"
    return SUMS if hidden and (choose_max > 1 or rule.method in VALUED) else ROWS


def sums(ballot: Ballot, box: BoxCount) -> list[dict[str, Any]]:
    """What the count needs and no more: how many papers, how many blank; then of each option, in the ballot's order,
    how many chose it, what their values add up to, and before how many times it was ranked each of the options.
    """
    rule, options = ballot.rule, [option.id for option in ballot.options]
    votes = [Weighed(ONE, choices) for choices in box.choices]
    heads, got = support(rule, options, votes), values(rule, options, votes)
    over = pairwise(options, votes) if rule.method == SCHULZE else []
    papers = {"cast": len(votes), "blank": sum(is_blank(ballot, choices) for choices in box.choices)}
    listed: list[dict[str, Any]] = [papers]
    for place, option in enumerate(options):
        entry = {"option": option, "votes": heads[option]}
        if rule.method in (*VALUED, BORDA):
            entry["value"] = int(got[option])
        listed.append({**entry, "over": over[place]} if over else entry)
    return listed


def hand_json(hand: HandCount) -> dict[str, Any]:
    """A hand-count as transcripts and views give it."""
    counts = [{"option": count.option, "votes": count.votes} for count in hand.counts]
    return {**asdict(hand), "counts": counts}


def leaves(ballot: Ballot, box: BoxCount) -> list[bytes]:
    """Canonical JSON of every entry of the published lists: `trackers`, then `choices` or `sums`; `votes`, `hands`."""
    lists = published(ballot, box)
    return [
        canonical(entry) for name in ("trackers", "choices", "sums", "votes", "hands") for entry in lists.get(name, ())
    ]


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
