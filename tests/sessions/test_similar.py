"""The finder of duplicates: planted ones among the 1,451 of Jakarta Pusat are found, and little else."""

from __future__ import annotations

import random
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from server.interchange.sipd import drafts
from sessions.columns import STEP, appended
from sessions.content import changed, written
from sessions.ids import HallId, ProposalId
from sessions.model.board import Board, Proposal
from sessions.model.content import Content, Origin
from sessions.shape import members
from sessions.similar import SimilarIndex, metres_between
from tests.sessions.given import PEJUANG

TABLE = Path(__file__).parents[1] / "fixtures" / "usulan-jakpus.csv"
LETTERS = "aeiounrt"


def card(proposal: str, content: Content, hall: str = PEJUANG, status: str = "SUBMITTED") -> Proposal:
    return Proposal(ProposalId(proposal), HallId(hall), content, status, STEP)


def board_of(*cards: Proposal) -> Board:
    return appended(Board(), "SUBMITTED", {one.id: one for one in cards})


def found(board: Board, proposal: str) -> dict[str, tuple[str, ...]]:
    index = SimilarIndex()
    index.follow(board)
    return {like.proposal: like.reasons for like in index.like(ProposalId(proposal))}


def jakarta_pusat() -> dict[ProposalId, Proposal]:
    from sessions.content import DETAILS, TITLE

    cards = {}
    with TABLE.open(newline="", encoding="utf-8") as file:
        for draft in drafts(file, lambda row: row["kelurahan"].lower().replace(" ", "-"), 2025):
            hall, proposal = draft.pop("hall"), draft.pop("proposal")
            content = written(members(draft, "", TITLE, DETAILS))
            cards[ProposalId(proposal)] = card(proposal, content, hall)
    return cards


def retold(content: Content, dice: random.Random) -> Content:
    """The same proposal as a second person would enter it: other abbreviations, a slip of the pen, a pin put nearby."""
    title = content.title
    if dice.random() < 0.6:
        title = title.replace("Jl.", "Jalan").replace("Gg.", "Gang")
    if dice.random() < 0.5:
        title = re.sub(r"RT (\d+)/RW (\d+)", lambda match: f"RT{int(match[1])} RW{int(match[2])}", title)
    if dice.random() < 0.4:
        title = re.sub(r"^(Perbaikan|Peningkatan|Rehabilitasi|Pembangunan|Pembuatan)", "Perb.", title)
    if dice.random() < 0.4:
        place = dice.randrange(3, 14)
        title = title[:place] + dice.choice(LETTERS) + title[place + 1 :]
    told = {"title": title.upper() if dice.random() < 0.2 else title}
    here = content.place
    if dice.random() < 0.5 and here.lat is not None and here.lon is not None:
        told |= {"lat": here.lat + dice.uniform(-9e-4, 9e-4), "lon": here.lon + dice.uniform(-9e-4, 9e-4)}  # ≤ 142 m
    else:
        told |= {"lat": None, "lon": None}
    if dice.random() < 0.3:
        told |= {"rt": "", "address": ""}
    if dice.random() < 0.3:
        told |= {"source": "COUNCIL", "proposer": "Anggota DPRD"}
    return changed(content, told)


def test_planted_duplicates_are_found_and_little_else() -> None:
    """Recall ≥ 0.95 and precision ≥ 0.9 over 200 planted copies; measured 1.0 and 0.985 where this was written."""
    dice = random.Random(31)
    cards = jakarta_pusat()
    assert len(cards) == 1451
    index = SimilarIndex()
    index.follow(board_of(*cards.values()))
    before = {(pair.proposal, pair.other.proposal) for pair in index.pairs()}
    planted = set()
    for number, source in enumerate(dice.sample(sorted(cards), 200)):
        copy = card(f"ZZ{number:03}", retold(cards[source].content, dice), cards[source].hall)
        cards[copy.id] = copy
        planted.add((source, copy.id))
    index.follow(board_of(*cards.values()))
    told = {(pair.proposal, pair.other.proposal) for pair in index.pairs()}
    assert before <= told
    new = told - before
    recall, precision = len(new & planted) / len(planted), len(new & planted) / len(new)
    assert recall >= 0.95 and precision >= 0.9, (
        recall,
        precision,
        sorted(new - planted)[:5],
        sorted(planted - new)[:5],
    )
    assert len(before) <= 12, "the made-up table has few that are alike by chance"


def test_a_lookup_and_the_whole_list_are_quick() -> None:
    """CPU time; ten times what is promised for a machine that does other things besides is still no pause."""
    cards = jakarta_pusat()
    board = board_of(*cards.values())
    index = SimilarIndex()
    index.follow(board)
    began = time.process_time()
    for proposal in list(cards)[::10]:
        index.like(proposal)
    assert (time.process_time() - began) / 146 < 0.005
    began = time.process_time()
    index.pairs()
    assert time.process_time() - began < 1.0
    one = cards[ProposalId("JKP00001")]
    changed_board = board_of(*{**cards, one.id: replace(one, version=2)}.values())
    began = time.process_time()
    index.follow(changed_board)
    assert time.process_time() - began < 0.005


DRAIN = written({"title": "Perbaikan saluran Gg. Mawar RT 04/RW 07", "rw": "07", "source": "RW"})


@pytest.mark.parametrize(
    ("title", "alike"),
    [
        ("Peningkatan drainase Gang Mawar rt4 rw7", True),
        ("perb. sal. gg mawar RT. 4 / RW. 007", True),
        ("Perbaikan saluran Gg. Melati RT 04/RW 07", False),
        ("Pengaspalan Gg. Mawar RT 04/RW 07", False),
        ("Perbaikan saluran Gg. Mawar RT 04/RW 09", False),
    ],
)
def test_words_are_compared_apart_from_the_place(title: str, alike: bool) -> None:
    rw = re.findall(r"(?i)rw\W{0,2}(\d+)", title)[0]
    board = board_of(card("a", DRAIN), card("b", written({"title": title, "rw": rw})))
    assert ("b" in found(board, "a")) == alike
    assert ("a" in found(board, "b")) == alike, "both ways"


def test_the_map_beats_the_name_of_a_street() -> None:
    here = changed(DRAIN, {"lat": -6.2, "lon": 106.8})
    near, far = changed(here, {"lat": -6.2009}), changed(here, {"lat": -6.21})
    assert metres_between(here, near) == pytest.approx(100, abs=1)
    assert set(found(board_of(card("a", here), card("b", near), card("c", far)), "a")) == {"b"}


def test_across_the_border_of_two_halls_only_the_map_can_tell() -> None:
    here = changed(DRAIN, {"lat": -6.2, "lon": 106.8})
    board = board_of(card("a", here), card("b", here, "jatiasih"), card("c", DRAIN, "jatiasih"))
    assert found(board, "a") == {"b": ("same_words", "near")}


def test_pokir_and_earlier_years_are_named() -> None:
    council = written({"title": "Perbaikan saluran Gg. Mawar RW 07", "source": "COUNCIL"})
    last = changed(DRAIN, {"external_id": "BKS2024-1", "year": 2024, "title": "Drainase Mawar"})
    now = changed(DRAIN, {"continues": "BKS2024-1", "year": 2025})
    told = found(board_of(card("a", now), card("b", council), card("c", last, "jatiasih")), "a")
    assert "council" in told["b"] and "earlier_year" in told["c"]


def test_what_has_left_the_board_is_not_offered_and_the_index_follows() -> None:
    index = SimilarIndex()
    first = card("a", DRAIN), card("b", DRAIN)
    index.follow(board_of(*first))
    assert [like.proposal for like in index.like(ProposalId("a"))] == ["b"]
    index.follow(board_of(first[0], replace(first[1], status="MERGED")))
    assert index.like(ProposalId("a")) == [] and index.like(ProposalId("b")) == [] and index.pairs() == []
    index.follow(board_of(first[0], replace(first[1], version=3)))
    assert [like.proposal for like in index.like(ProposalId("a"))] == ["b"]
    elsewhere = replace(first[1], content=changed(DRAIN, {"title": "Posyandu RW 07"}))
    index.follow(board_of(first[0], elsewhere))
    assert index.like(ProposalId("a")) == []
    index.follow(board_of(first[0]))
    assert index.like(ProposalId("b")) == [] and index.like(ProposalId("q")) == []


def test_what_names_no_place_is_compared_with_all_of_its_hall() -> None:
    vague = Content("Kursi roda untuk difabel", origin=Origin(source="COUNCIL"))
    exact = written({"title": "Pengadaan kursi roda difabel RW 03", "rw": "03"})
    assert "b" in found(board_of(card("a", vague), card("b", exact)), "a")
    assert "a" in found(board_of(card("a", vague), card("b", exact)), "b")
    assert found(board_of(card("a", vague), card("b", exact, "jatiasih")), "a") == {}


def test_titles_without_a_word_are_like_nothing_and_spoil_nothing() -> None:
    index = SimilarIndex()
    index.follow(board_of(card("a", Content("!!!")), card("b", Content("???")), card("c", Content("Drainase RW 03"))))
    assert index.pairs() == [] and index.like(ProposalId("a")) == []
