"""Photos and documents stay with a proposal: sent up, carried over, into a group and home again, merged and split."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sessions import dispatch
from sessions.attachments import files_of
from sessions.card import proposal_details
from sessions.document import may_read
from sessions.ids import PassId, ProposalId, SeatId, SessionId
from sessions.journal import Recorded
from sessions.model.board import Proposal
from sessions.permissions import Actor, Role
from sessions.photo import shown
from sessions.state import State
from tests.sessions.between import World
from tests.sessions.given import HALL_JATIASIH, HALL_PEJUANG, MODERATOR, given, more, when
from tests.sessions.test_ascent import three_levels
from tests.sessions.test_document import lettered
from tests.sessions.test_groups import plenary
from tests.sessions.test_merge import BOARD, merged, unmerged, withdrawn
from tests.sessions.test_photo import photographed

A, B, C = ProposalId("a"), ProposalId("b"), ProposalId("c")
PHOTO = {"width": 1600, "height": 1200, "by": "pass:p-hall", "caption": "Saluran"}
LETTER = {"kind": "cover_letter", "pages": 2, "size": 90_000, "by": "pass:p-hall"}
PARTS = [{"title": "Drainase barat"}, {"title": "Drainase timur"}, {"title": "Drainase utara"}]


def hand_in(world: World, session: str, card: str, photo: str = "f1", letter: str = "l1") -> None:
    world.give(session, "photo.attach", {**PHOTO, "proposal": card, "file": photo}, Role.SYSTEM)
    world.give(session, "file.attach", {**LETTER, "proposal": card, "file": letter}, Role.SYSTEM)


def files(card: Proposal) -> tuple[list[str], list[str]]:
    return [photo.file for photo in card.photos], [document.file for document in card.documents]


def cards(state: State, *ids: ProposalId) -> list[tuple[list[str], list[str]]]:
    return [files(state.board.proposals[id_]) for id_ in ids]


def test_what_is_sent_up_takes_them_along_over_every_level() -> None:
    world = three_levels()
    card = world.propose("kel", "aula", "Drainase")
    hand_in(world, "kel", card)
    for session in ("kel", "kec"):
        world.move(session, world.card(session, "Drainase").id, "PRIORITISED")
        world.give(session, "proposals.send_up")
        assert world.deliver() == []
    for session in ("kel", "kec", "kota"):
        found = world.card(session, "Drainase")
        assert files(found) == (["f1"], ["l1"]), session
        assert (found.photos[0].caption, found.documents[0].pages) == ("Saluran", 2)
        details = proposal_details(world[session], found.id, "moderator") or {}
        assert [photo["file"] for photo in details["photos"]] == ["f1"]


def test_what_is_carried_over_takes_them_along() -> None:
    world = World()
    world.create("lalu", ("aula",), year=2026)
    world.create("kini", ("aula",), year=2027, previous="lalu")
    hand_in(world, "lalu", world.propose("lalu", "aula", "Sumur"))
    world.give("kini", "proposals.carry_over")
    assert world.deliver() == []
    assert files(world.card("kini", "Sumur")) == (["f1"], ["l1"])


def test_a_card_goes_to_a_group_and_comes_home_with_what_came_there() -> None:
    world = plenary()
    card = world.card("kec", "Drainase").id
    hand_in(world, "kec", card)
    world.give("kec", "proposal.merge", {"into": card, "base": 3, "proposals": [
        {"proposal": world.card("kec", "Jalan").id, "base": 1}]})  # fmt: skip
    groups = [{"session": "g1", "title": "Kelompok I", "halls": ["a"]}]
    world.give("kec", "groups.split", {"groups": groups}, Role.ADMIN)
    world.deliver()
    assert files(world.card("g1", "Drainase")) == (["f1"], ["l1"])
    details = proposal_details(world["g1"], card, "moderator") or {}
    assert [owner["proposal"] for owner in details["owners"]] == [card], "the merged card stays with the plenary"
    world.give("g1", "session.open")
    hand_in(world, "g1", card, "f2", "l2")
    world.give("kec", "groups.join_back")
    world.deliver()
    assert files(world.card("kec", "Drainase")) == (["f1", "f2"], ["l1", "l2"])


def test_a_merge_shows_the_photos_of_what_was_merged_as_far_as_there_is_room() -> None:
    state = photographed(given(*BOARD), "f1", "f2")
    state = lettered(
        photographed(photographed(state, "g1", "g2", proposal="b"), "h1", proposal="c"), "l1", proposal="b"
    )
    after = merged(state, "a", "b", "c")
    assert cards(after, A, B, C) == [(["f1", "f2", "g1"], ["l1"]), (["g1", "g2"], ["l1"]), (["h1"], [])]
    assert [photo.of for photo in after.board.proposals[A].photos] == [None, None, B]
    assert shown(after.board, "h1"), "what found no room stays with its own card"
    again = unmerged(after, "b")
    assert cards(again, A, B) == [(["f1", "f2"], []), (["g1", "g2"], ["l1"])]
    gone = withdrawn(after, "b", HALL_PEJUANG)
    assert cards(gone, A) == [(["f1", "f2"], [])] and not shown(gone.board, "g1")


def test_the_same_file_is_never_there_twice_and_stays_when_its_other_card_leaves() -> None:
    state = photographed(given(*BOARD), "f1")
    parts = {"proposal": "a", "base": 2, "parts": PARTS}
    state = more(state, when(state, "proposal.split", parts))
    part = state.board.proposals[A].trace.parts[0]
    state = merged(state, "a", part)
    assert cards(state, A, part) == [(["f1"], []), (["f1"], [])]
    assert cards(unmerged(state, part), A, part) == [(["f1"], []), (["f1"], [])]


def test_every_part_of_a_split_keeps_them_as_its_own() -> None:
    state = merged(photographed(photographed(lettered(given(*BOARD), "l1"), "f1"), "g1", proposal="b"), "a", "b")
    (event,) = when(state, "proposal.split", {"proposal": "a", "base": 4, "parts": PARTS})
    after = more(state, [event])
    for id_ in after.board.proposals[A].trace.parts:
        part = after.board.proposals[id_]
        assert files(part) == (["f1", "g1"], ["l1"]) and {photo.of for photo in part.photos} == {None}
    removed = more(after, when(after, "photo.remove", {"proposal": "a", "photo": "f1"}))
    assert shown(removed.board, "f1"), "the other parts still show it"


def test_whoever_owns_the_card_does_not_read_the_letters_of_what_was_merged_into_it() -> None:
    state = lettered(lettered(given(*BOARD), "l1"), "l2", proposal="c")
    here, there = state.board.proposals[A].hall, state.board.proposals[C].hall
    assert (here, there) == (HALL_PEJUANG.hall, HALL_JATIASIH.hall)
    after = merged(state, "a", "c")
    assert cards(after, A) == [([], ["l1", "l2"])]
    assert may_read(after, "l2", HALL_JATIASIH) and not may_read(after, "l2", HALL_PEJUANG)
    assert may_read(after, "l2", MODERATOR) and may_read(after, "l1", HALL_PEJUANG)
    seat = Actor(SessionId("bekasi-2018"), Role.DELEGATE, PassId("p"), SeatId("nobody"), here)
    assert not may_read(after, "l1", seat)


def test_files_of_lists_what_left_the_board_too() -> None:
    state = withdrawn(photographed(lettered(given(*BOARD), "l1"), "f1"), "a")
    assert files_of([state.board, given(*BOARD).board]) == {"f1", "l1"}


def stored(event: Any, *without: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(dispatch.recorded(event, 1, 0, "x").data))
    return {name: value for name, value in data.items() if name not in without}


def replay(state: State, event: Any, *without: str) -> State:
    """As a journal has it that was written before these fields were."""
    recorded = dispatch.recorded(event, state.seq + 1, 0, "x")
    return dispatch.apply(state, Recorded(recorded.seq, 0, "x", recorded.type, stored(event, *without)))


def test_old_journals_say_what_they_said() -> None:
    state = lettered(photographed(given(*BOARD), "f1"), "l1", proposal="b")
    (split,) = when(state, "proposal.split", {"proposal": "a", "base": 2, "parts": PARTS})
    assert "attachments" not in stored(replace(split, attachments=False))
    old = replay(state, split, "attachments")
    assert {files(old.board.proposals[id_]) == ([], []) for id_ in old.board.proposals[A].trace.parts} == {True}
    (merge,) = when(state, "proposal.merge", {"into": "a", "base": 2, "proposals": [{"proposal": "b", "base": 2}]})
    old = replay(state, merge, "photos", "documents")
    assert cards(old, A) == [(["f1"], [])]
    assert cards(unmerged(old, "b"), A, B) == [(["f1"], []), ([], ["l1"])]
    world = three_levels()
    card = world.propose("kel", "aula", "Drainase", "PRIORITISED")
    hand_in(world, "kel", card)
    world.give("kel", "proposals.send_up")
    (parcel,) = world.sent("kel")
    body = json.loads(parcel.body)
    for one in body["cards"]:
        del one["photos"], one["documents"]
    world.give("kec", "proposals.received", body, Role.SYSTEM)
    assert files(world.card("kec", "Drainase")) == ([], [])
