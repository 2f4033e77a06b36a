"""The closing report, counted from what public commands did: the figures of Kembangan 2025 (P18)."""

from __future__ import annotations

from typing import Any

from sessions.canonical import canonical
from sessions.hall import HallAdded
from sessions.ids import HallId, ProposalId
from sessions.minutes import digest, minutes, plain
from sessions.minutes_model import Minutes, Share
from sessions.minutes_report import report
from sessions.session import SessionCreated, SessionOpened
from sessions.state import State
from tests.sessions.given import ADMIN, SESSION, given, more, when
from tests.sessions.test_minutes import journal

AGENCIES = {"Bina Marga": 132, "SDA": 82, "Perhubungan": 41, "Dispora": 9, "Perumahan": 7, "Kebudayaan": 2}
KELURAHAN = ("Joglo", "Kembangan Selatan", "Kembangan Utara", "Meruya Selatan", "Meruya Utara", "Srengseng")
TYPES = ("FISIK", "PENGADAAN_BARANG")
RECOMMENDED = 180
MOST = 100  # cards a command names
EMPTY = (
    SessionCreated("Sidang Pleno Kembangan", "plenary", "Aula Kecamatan Kembangan", "2025-02-20"),
    *(HallAdded(HallId(name.lower().replace(" ", "-")), name, "Kembangan", at) for at, name in enumerate(KELURAHAN, 1)),
    SessionOpened(),
)


class Sitting:
    """Events that commands caused, one after the other."""

    def __init__(self) -> None:
        self.events: list[Any] = list(EMPTY)
        self.state: State = given(*EMPTY)

    def give(self, name: str, data: Any, actor: Any = None) -> None:
        found = when(self.state, name, data, *(() if actor is None else (actor,)), fresh=f"f{self.state.seq}")
        self.events += found
        self.state = more(self.state, found)

    def based(self, cards: list[str]) -> list[dict[str, Any]]:
        proposals = self.state.board.proposals
        return [{"proposal": card, "base": proposals[ProposalId(card)].version} for card in cards]

    def move(self, cards: list[str], status: str, **reason: str) -> None:
        for at in range(0, len(cards), MOST):
            self.give("proposals.move", {"items": self.based(cards[at : at + MOST]), "status": status, **reason})

    def told(self) -> Minutes:
        return minutes(SESSION, journal(*self.events))


def kembangan() -> Sitting:
    sitting = Sitting()
    agencies = [agency for agency, many in AGENCIES.items() for _ in range(many)]
    for at, agency in enumerate(agencies):
        card = {
            "title": f"Usulan {at + 1}",
            "hall": KELURAHAN[at % 6].lower().replace(" ", "-"),
            "agency": agency,
            "type": TYPES[at % 10 == 0],
        }
        sitting.give("proposal.add", card)
    cards = list(sitting.state.board.proposals)
    sitting.move(cards[:RECOMMENDED], "PRIORITISED")
    sitting.move(cards[RECOMMENDED:], "NOT_AGREED", reason_code="STILL_FIT", reason="kondisi masih layak")
    return sitting


def test_kembangan_273_are_180_recommended_and_93_not() -> None:
    found = kembangan().told().report
    assert found.whole == Share("", 273, RECOMMENDED, 0, 0, 93, 0)
    assert {one.name: one.total for one in found.agencies} == AGENCIES
    assert [one.name for one in found.agencies] == list(AGENCIES), "most first"
    assert found.statuses == (("PRIORITISED", 180), ("NOT_AGREED", 93))
    many = (46, 46, 46, 45, 45, 45)
    assert [(one.name, one.total) for one in found.kelurahan] == list(zip(KELURAHAN, many, strict=True))
    assert [(one.name, one.total) for one in found.types] == [("FISIK", 245), ("PENGADAAN_BARANG", 28)]
    for shares in (found.agencies, found.kelurahan, found.types):
        for member in ("total", "taken", "agreed", "reserve", "refused", "open"):
            assert sum(getattr(one, member) for one in shares) == getattr(found.whole, member)


def test_what_is_taken_up_is_counted_by_its_year() -> None:
    """Grogol Petamburan: 225 for the plan, 18 in the current year, 4 not; here in small."""
    sitting = Sitting()
    for at in range(6):
        sitting.give("proposal.add", {"title": f"Usulan {at}", "hall": "joglo"})
    cards = list(sitting.state.board.proposals)
    sitting.move(cards, "PRIORITISED")
    sitting.give("session.link", {"feeds": "kota", "previous": None}, ADMIN)
    sitting.move(cards[:5], "SENT_UP")
    sitting.move(cards[:3], "ACCOMMODATED_NEXT_YEAR")
    sitting.move(cards[3:4], "ACCOMMODATED_CURRENT_YEAR")
    sitting.move(cards[4:5], "NOT_ACCOMMODATED", reason_code="ASSET_STATUS", reason="status aset")
    card = cards[5]
    sitting.give("proposal.withdraw", {**sitting.based([card])[0], "reason": "dicabut RW", "reason_code": "OTHER"})
    found = sitting.told().report
    assert (found.whole, found.next_year, found.current_year) == (Share("", 5, 4, 0, 0, 1, 0), 3, 1)
    assert dict(found.statuses)["WITHDRAWN"] == 1
    assert [one.name for one in found.agencies] == [""]


def test_an_agency_in_charge_in_the_end_counts_and_an_empty_board_is_a_report_too() -> None:
    sitting = Sitting()
    sitting.give("proposal.add", {"title": "Jalan", "hall": "joglo", "agency": "SDA"})
    (card,) = sitting.state.board.proposals
    rerouted = {**sitting.based([card])[0], "agency": "Bina Marga", "reason": "bukan kewenangan SDA"}
    sitting.give("proposal.reroute", rerouted)
    assert [one.name for one in sitting.told().report.agencies] == ["Bina Marga"]
    assert report(given(*EMPTY)).whole == Share("", 0, 0, 0, 0, 0, 0)


def test_the_digest_is_of_what_was_said_and_not_of_how_it_is_counted() -> None:
    """Old records keep the digest they were approved with."""
    told = kembangan().told()
    members = plain(told)
    assert members["report"]["whole"]["total"] == 273 and canonical(members)
    assert len(digest(told)) == 64
