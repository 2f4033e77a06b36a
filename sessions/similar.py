"""Which proposals may be one and the same: alike in words, close on the ground, of one RW, of other years, or pokir.

Titles here say mostly where: "Perbaikan saluran Gg. Mawar RT 04/RW 07" is the same work as in any other alley. So the
place is taken out of the words and compared by itself, and only cards of one neighbourhood are compared at all: same
hall and RW, same street, or a few hundred metres apart. What names no place is compared with all of its hall.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from sessions.ids import HallId, ProposalId
from sessions.model.board import Board, Proposal
from sessions.model.content import Content
from sessions.statuses import LEFT

LEAST_SCORE = 0.6
FOUND_MOST = 20
PAIRS_MOST = 2000
NEAR_M = 400.0  # further apart is another place, whatever the words say
CELL_DEG = NEAR_M / 111_320  # one degree of latitude; near the equator one of longitude is as long
LIKE_M = 60.0  # two people pointing at one place on a map differ by about this
# How much of a score words, place and the rest can give; words alone never reach LEAST_SCORE.
OF_WORDS, OF_PLACE = 0.55, 0.45
SURE = 0.8

ABBREVIATIONS: Mapping[str, str] = {
    **{"jl": "jalan", "jln": "jalan", "gg": "gang", "kel": "kelurahan", "kec": "kecamatan"},
    **{"perb": "perbaikan", "pemb": "pembangunan", "peng": "pengadaan", "rehab": "rehabilitasi", "sal": "saluran"},
    **{"lpju": "pju", "lampu": "pju", "got": "saluran", "selokan": "saluran", "drainase": "saluran", "yg": "yang"},
    **{"dgn": "dengan", "utk": "untuk", "lingk": "lingkungan", "mtr": "m", "meter": "m"},
}
# The verbs of works say little: a drain is repaired, improved or built anew in one and the same proposal.
COMMON = frozenset(
    "di dan yang untuk pada dari ke dengan wilayah lingkungan warga rt rw jalan gang kelurahan kecamatan perbaikan "
    "pembangunan pembuatan pengadaan pemasangan peningkatan rehabilitasi usulan mohon permohonan bantuan baru".split()
)
WHERE = frozenset("di rt rw jalan gang kelurahan kecamatan no nomor".split())
UNIT_RT_RW = re.compile(r"\b(rt|rw)\W{0,2}0*(\d{1,3})\b")
STREET = re.compile(
    r"\b(?:jalan|gang)\s+((?!rt\b|rw\b)[a-z]+(?:\s+(?!rt\b|rw\b|kel\b|kelurahan\b|no\b)[a-z0-9]+){0,2})"
)
WORD = re.compile(r"[a-z]+|\d+")


class Likeness(NamedTuple):
    """score: 0…1. words: 0…1, of what is to be done. metres: None when either has no place on the map.

    reasons: same_words, near, same_rw, same_street, earlier_year, council (one of the two is pokir).
    """

    proposal: ProposalId
    score: float
    words: float
    metres: float | None
    reasons: tuple[str, ...]


class Pair(NamedTuple):
    proposal: ProposalId
    other: Likeness


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of one card. grams: trigrams of its matter, without the place; whole: with common verbs, too."""

    card: Proposal
    grams: frozenset[str]
    whole: frozenset[str]
    street: str
    rw: str
    rts: frozenset[str]
    keys: tuple[object, ...]
    nowhere: bool


def plain(text: str) -> str:
    """Lower case, abbreviations written out, RT and RW as "rt 4"; no marks."""
    found = UNIT_RT_RW.sub(lambda match: f" {match[1]} {int(match[2])} ", text.lower())
    return " ".join(ABBREVIATIONS.get(word, word) for word in WORD.findall(found))


def trigrams(words: Iterable[str]) -> frozenset[str]:
    """Of each word by itself, so that their order does not count."""
    return frozenset(
        padded[place : place + 3] for word in words for padded in (f" {word} ",) for place in range(len(padded) - 2)
    )


def traits(card: Proposal) -> Traits:
    content = card.content
    place = content.place
    title = plain(content.title)
    named = plain(place.street)
    street = street_in(named) or named or street_in(title) or street_in(plain(content.address))
    told = UNIT_RT_RW.findall(title)
    rts = frozenset([*(number for unit, number in told if unit == "rt"), *numbers(place.rt)])
    rw = rw_of(content, title)
    inside = set(street.split())
    work = [word for word in title.split() if word not in WHERE and word not in inside and not word.isdigit()]
    matter = [word for word in work if word not in COMMON]
    keys = tuple(neighbourhoods(card.hall, rw, street, place.lat, place.lon, content))
    whole = trigrams(work or title.split())
    return Traits(card, trigrams(matter) or whole, whole, street, rw, rts, keys, not rw and not street)


def street_in(text: str) -> str:
    match = STREET.search(text)
    return match[1] if match else ""


def numbers(text: str) -> list[str]:
    """The whole numbers in a text, "07, 8" as 7 and 8."""
    return [str(int(digits)) for digits in re.findall(r"[0-9]{1,3}", text)]


def rw_of(content: Content, title: str) -> str:
    told = numbers(content.rw) or [number for unit, number in UNIT_RT_RW.findall(title) if unit == "rw"]
    return told[0] if told else ""


def neighbourhoods(
    hall: HallId, rw: str, street: str, lat: float | None, lon: float | None, content: Content
) -> Iterator[object]:
    if rw:
        yield hall, "rw", rw
    if street:
        yield hall, "street", street
    if lat is not None and lon is not None:
        yield "cell", math.floor(lat / CELL_DEG), math.floor(lon / CELL_DEG)
    for name in (content.origin.external_id, content.origin.continues):
        if name:
            yield "line", name


def metres_between(one: Content, other: Content) -> float | None:
    """Equirectangular, right to a metre at such distances."""
    a, b = one.place, other.place
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    east = (b.lon - a.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return math.hypot(b.lat - a.lat, east) * 111_320


def likeness(one: Traits, other: Traits) -> Likeness | None:
    """How much `other` is like `one`; None below LEAST_SCORE."""
    first, second = one.card.content, other.card.content
    line = continues(first, second) or continues(second, first)
    words = alike(one.grams, other.grams)
    if words < SURE and (whole := alike(one.whole, other.whole)) >= SURE:
        words = whole  # a slip of the pen in a short word; of less than that, common verbs alone could be the cause
    if words < 0.5 and not line:
        return None
    metres = metres_between(first, second)
    place = placing(one, other, metres)
    score = 1.0 if line else round(OF_WORDS * words + OF_PLACE * place, 3)
    if score < LEAST_SCORE or (place < 0.25 and not line):
        return None
    return Likeness(other.card.id, score, round(words, 3), metres, reasons(one, other, words, metres, line))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice: 1 for the same set, 0 for nothing shared, which two titles without a word do not."""
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)


def continues(one: Content, other: Content) -> bool:
    return bool(one.origin.continues) and one.origin.continues == other.origin.external_id


def placing(one: Traits, other: Traits, metres: float | None) -> float:
    """0…1, how surely both speak of one place. A map beats a name: one street runs through many RT."""
    same_hall = one.card.hall == other.card.hall
    if metres is not None:
        near = 1.0 if metres <= LIKE_M else max(0.0, 1 - (metres - LIKE_M) / (NEAR_M - LIKE_M))
        otherwise = one.street and other.street and one.street != other.street
        return near * (0.2 if otherwise or (same_hall and one.rw and other.rw and one.rw != other.rw) else 1.0)
    if not same_hall or (one.rw and other.rw and one.rw != other.rw):
        return 0.0
    if one.street and other.street:
        if one.street != other.street:
            return 0.0
        return 0.5 if one.rts and other.rts and not one.rts & other.rts else 1.0
    if one.rw and other.rw:
        return 0.3 if one.rts and other.rts and not one.rts & other.rts else 0.7
    return 0.4


def reasons(one: Traits, other: Traits, words: float, metres: float | None, line: bool) -> tuple[str, ...]:
    first, second = one.card.content.origin, other.card.content.origin
    same_hall = one.card.hall == other.card.hall
    found = {
        "same_words": words >= 0.8,
        "near": metres is not None and metres <= NEAR_M,
        "same_rw": same_hall and bool(one.rw) and one.rw == other.rw,
        "same_street": same_hall and bool(one.street) and one.street == other.street,
        "earlier_year": line or (first.year is not None and second.year is not None and first.year != second.year),
        "council": "COUNCIL" in (first.source, second.source),
    }
    return tuple(name for name, true in found.items() if true)


class SimilarIndex:
    """Lives beside one session's state and follows its board; what did not change is not read again."""

    def __init__(self) -> None:
        self._board: Board | None = None
        self._traits: dict[ProposalId, Traits] = {}
        self._at: dict[object, set[ProposalId]] = {}
        self._halls: dict[HallId, set[ProposalId]] = {}
        self._nowhere: dict[HallId, set[ProposalId]] = {}

    def follow(self, board: Board) -> None:
        """Bring the index up to this board."""
        if board is self._board:
            return
        for proposal, card in board.proposals.items():
            known = self._traits.get(proposal)
            if known is not None and known.card is card:
                continue
            if known is not None and known.card.content is card.content and card.status not in LEFT:
                self._traits[proposal] = replace(known, card=card)
                continue
            if known is not None:
                self._forget(known)
            if card.status not in LEFT:
                self._learn(traits(card))
        for gone in self._traits.keys() - board.proposals.keys():
            self._forget(self._traits[gone])
        self._board = board

    def like(self, proposal: ProposalId, most: int = FOUND_MOST) -> list[Likeness]:
        """What is like this card, most alike first; nothing when the index does not hold it."""
        own = self._traits.get(proposal)
        if own is None:
            return []
        found = [likeness(own, self._traits[other]) for other in self._candidates(own)]
        return sorted((one for one in found if one is not None), key=lambda one: (-one.score, one.proposal))[:most]

    def pairs(self, most: int = PAIRS_MOST) -> list[Pair]:
        """Every two cards that are alike, once, most alike first."""
        found = []
        for proposal, own in self._traits.items():
            for other in self._candidates(own):
                if proposal < other and (like := likeness(own, self._traits[other])) is not None:
                    found.append(Pair(proposal, like))
        return sorted(found, key=lambda pair: (-pair.other.score, pair.proposal, pair.other.proposal))[:most]

    def _candidates(self, own: Traits) -> set[ProposalId]:
        hall = own.card.hall
        found = set(self._halls[hall] if own.nowhere else self._nowhere.get(hall, ()))
        for key in own.keys:
            for near in around(key):
                found |= self._at.get(near, set())
        found.discard(own.card.id)
        return found

    def _learn(self, new: Traits) -> None:
        card = new.card
        self._traits[card.id] = new
        self._halls.setdefault(card.hall, set()).add(card.id)
        if new.nowhere:
            self._nowhere.setdefault(card.hall, set()).add(card.id)
        for key in new.keys:
            self._at.setdefault(key, set()).add(card.id)

    def _forget(self, old: Traits) -> None:
        card = old.card
        self._traits.pop(card.id, None)
        self._halls[card.hall].discard(card.id)
        self._nowhere.get(card.hall, set()).discard(card.id)
        for key in old.keys:
            self._at[key].discard(card.id)


def around(key: object) -> Iterator[object]:
    """A cell of the map with the eight about it; any other key is itself."""
    match key:
        case ("cell", int(row), int(column)):
            for south in (-1, 0, 1):
                for east in (-1, 0, 1):
                    yield "cell", row + south, column + east
        case _:
            yield key
