"""Counting: votes an option, blanks, ties, the published lists and their Merkle root."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions.ballot import BallotClosed, BallotVoided
from sessions.canonical import canonical
from sessions.count import fill, levels_by
from sessions.ids import BallotId
from sessions.journal import BoxCount
from sessions.model.ballot import Count
from sessions.published import leaves, merkle_root, published
from sessions.state import State
from sessions.tally import tally
from sessions.transcript import transcript
from tests.sessions.given import NOW, OPENED, ballot_opened, given, more

ID = BallotId("b1")
T1, T2, T3 = "0" * 31 + "1", "0" * 31 + "2", "0" * 31 + "3"


def box_of(votes: dict[str, tuple[str, ...]], secret: bool, pairs: bool) -> BoxCount:
    return BoxCount(
        choices=tuple(sorted(votes.values())),
        roll=("jatiasih-11", "pejuang-07"),
        trackers=tuple(sorted(votes)) if secret else (),
        pairs=tuple(sorted(votes.items())) if pairs else (),
    )


SECRET = box_of({T3: ("x", "y"), T1: (), T2: ("x",)}, secret=True, pairs=False)


def running(secrecy: str = "secret", proof: str | None = "inclusion") -> State:
    return given(*OPENED, ballot_opened(secrecy, proof))


def elect(votes: dict[str, int], places: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return fill(levels_by({option: Fraction(number) for option, number in votes.items()}), places)


def test_votes_blanks_and_turnout_are_counted() -> None:
    result = tally(running().ballots[ID], SECRET)
    assert result.counts == (Count("x", 2), Count("y", 1), Count("z", 0))
    assert (result.cast, result.blank, result.electorate) == (3, 1, 2)
    assert (result.elected, result.tied) == (("x", "y"), ())


@pytest.mark.parametrize(
    ("votes", "places", "elected", "tied"),
    [
        ({"x": 3, "y": 2, "z": 1}, 2, ("x", "y"), ()),
        ({"x": 1, "y": 3, "z": 2}, 1, ("y",), ()),
        ({"x": 3, "y": 2, "z": 2}, 2, ("x",), ("y", "z")),
        ({"x": 2, "y": 2, "z": 2}, 2, (), ("x", "y", "z")),
        ({"x": 2, "y": 2, "z": 1}, 2, ("x", "y"), ()),
        ({"x": 3, "y": 0, "z": 0}, 2, ("x",), ()),
        ({"x": 0, "y": 0, "z": 0}, 2, (), ()),
    ],
)
def test_a_tie_across_the_border_elects_none_of_the_tied(
    votes: dict[str, int], places: int, elected: tuple[str, ...], tied: tuple[str, ...]
) -> None:
    assert elect(votes, places) == (elected, tied)


@examples(st.lists(st.integers(0, 4), min_size=1, max_size=8), st.integers(1, 8))
def test_whoever_is_elected_has_more_votes_than_whoever_is_not(numbers: list[int], places: int) -> None:
    votes = {f"o{place}": number for place, number in enumerate(numbers)}
    elected, tied = elect(votes, places)
    rest = [votes[option] for option in votes if option not in elected]
    assert len(elected) <= places and all(votes[option] > max(rest, default=-1) for option in elected)
    assert all(votes[option] > 0 for option in (*elected, *tied))
    assert not tied or (len(elected) < places < len(elected) + len(tied) and len({votes[o] for o in tied}) == 1)


def test_inclusion_publishes_trackers_and_choices_apart_each_sorted() -> None:
    assert published(running().ballots[ID], SECRET) == {
        "trackers": [T1, T2, T3],
        "choices": [[], ["x"], ["x", "y"]],
    }


def test_full_proof_publishes_each_tracker_with_its_choices_and_an_open_ballot_each_seat() -> None:
    full = box_of({T2: ("x",), T1: ()}, secret=True, pairs=True)
    assert published(running(proof="full").ballots[ID], full) == {
        "votes": [{"tracker": T1, "choices": []}, {"tracker": T2, "choices": ["x"]}]
    }
    named = box_of({"pejuang-07": ("y",)}, secret=False, pairs=True)
    assert published(running("open").ballots[ID], named) == {"votes": [{"seat": "pejuang-07", "choices": ["y"]}]}


def reference_root(entries: list[bytes]) -> bytes:
    """RFC 6962 §2.1, as it is written there."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return hashlib.sha256(b"\x01" + reference_root(entries[:split]) + reference_root(entries[split:])).digest()


@examples(st.lists(st.binary(max_size=4), max_size=40))
def test_the_root_is_the_tree_hash_of_rfc_6962(entries: list[bytes]) -> None:
    assert merkle_root(entries) == reference_root(entries).hex()


def test_the_leaves_are_the_canonical_entries_of_the_published_lists() -> None:
    assert leaves(running().ballots[ID], SECRET) == [
        *(f'"{tracker}"'.encode() for tracker in (T1, T2, T3)),
        b"[]",
        b'["x"]',
        b'["x","y"]',
    ]


def closed(box: BoxCount) -> State:
    state = running()
    return more(state, [BallotClosed(ID, tally(state.ballots[ID], box))], at=NOW + 9)


def test_a_transcript_lets_a_stranger_count_again() -> None:
    told = json.loads(canonical(transcript(closed(SECRET), ID, SECRET)))
    assert told["trackers"] == [T1, T2, T3] and told["roll"] == ["jatiasih-11", "pejuang-07"]
    assert (told["electorate"], told["opened_at"], told["closed_at"]) == (["jatiasih-11", "pejuang-07"], NOW, NOW + 9)
    again = [sum(option["id"] in choices for choices in told["choices"]) for option in told["options"]]
    assert again == [count["votes"] for count in told["result"]["counts"]]
    published_leaves = [canonical(entry) for entry in (*told["trackers"], *told["choices"])]
    assert reference_root(published_leaves).hex() == told["result"]["root"]
    assert "votes" not in told


def test_a_box_that_was_tampered_with_is_not_published_as_if_it_were_right() -> None:
    other = box_of({T3: ("z",), T1: (), T2: ("x",)}, secret=True, pairs=False)
    with pytest.raises(ValueError, match="does not match"):
        transcript(closed(SECRET), ID, other)


def test_the_transcript_of_a_void_ballot_says_so_and_gives_no_result() -> None:
    state = more(closed(SECRET), [BallotVoided(ID, "daftar pemilih salah")])
    told = transcript(state, ID, SECRET)
    assert (told["state"], told["reason"], told["result"]) == ("void", "daftar pemilih salah", None)


def test_canonical_json_has_sorted_keys_no_spaces_and_plain_utf8() -> None:
    assert canonical({"b": 1, "a": ["é", None, True]}) == '{"a":["é",null,true],"b":1}'.encode()
    with pytest.raises(ValueError):
        canonical({"a": float("nan")})
