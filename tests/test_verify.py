"""`pleno verify`: what the core counted by any method holds for a stranger, and nothing that was touched does."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from server import tallies, verify
from server.cli import main
from server.http.transcripts import signed
from server.store.keys import SigningKey
from sessions import dispatch
from sessions.ballot import BallotOpened
from sessions.canonical import canonical
from sessions.errors import Refused
from sessions.hall import HallAdded, SeatAdded
from sessions.ids import BallotId, HallId, PassId, SeatId
from sessions.journal import BoxCount
from sessions.model.ballot import METHODS
from sessions.noun import Moment
from sessions.permissions import Actor, Role
from sessions.receipt import KeyPublished
from sessions.session import SessionOpened
from sessions.state import State
from sessions.vote import admit_vote, parse_vote
from tests.sessions.given import CREATED, MODERATOR, NOW, SESSION, given, more, when

ID = BallotId("b1")
HALLS = tuple(HallId(hall) for hall in ("pejuang", "jatiasih", "kranji"))
SEATS = tuple(SeatId(f"s{number}") for number in range(9))


def new_key(name: str) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    return SigningKey(name, private.public_key().public_bytes_raw(), private)


KEY = new_key("k1")
OPTIONS = [{"id": id_, "label": id_.upper(), "cost": cost} for id_, cost in zip("wxyz", (5, 4, 3, 3), strict=True)]
NEEDS: dict[str, dict[str, Any]] = {
    "approval": {"choose_max": 2},
    "score": {"scale": [0, 5], "places": 2},
    "points": {"points": 6, "places": 1},
    "borda": {"places": 2},
    "schulze": {"places": 2},
    "knapsack": {"budget": 8},
    "equal_shares": {"budget": 8},
}


def start() -> State:
    halls = [HallAdded(hall, hall.title(), "Bekasi", place) for place, hall in enumerate(HALLS, 1)]
    seats = [SeatAdded(seat, HALLS[n % 4 % 3], f"Ketua RW {n}", True, True) for n, seat in enumerate(SEATS)]
    state = given(CREATED, KeyPublished("k1", KEY.public_text), *halls, *seats, SessionOpened())
    rule = {"changes": {"voting": {"delegations_most": 3}}, "reason": "tata tertib"}
    return more(state, when(state, "rules.set", rule))


START = start()


def of(seat: SeatId) -> Actor:
    return Actor(SESSION, Role.DELEGATE, PassId(f"p-{seat}"), seat=seat)


def choices(draw: Any, method: str) -> list[str]:
    found = draw(st.lists(st.sampled_from("wxyz"), unique=True))
    if method in ("score", "points"):
        return [f"{option}:{draw(st.integers(0, 3))}" for option in found]
    if method == "yes_no":
        found = draw(st.lists(st.sampled_from(["yes", "no", "abstain"]), max_size=1))
    return found


def opened(draw: Any, method: str, secret: bool) -> State:
    data = {"title": "Prioritas", "secrecy": "secret" if secret else "open", "method": method, **NEEDS.get(method, {})}
    if method != "yes_no":
        data["options"] = OPTIONS
    if secret:
        data["proof"] = draw(st.sampled_from(["inclusion", "full"][method == "equal_shares" :]))
    else:
        data["weights"] = draw(st.sampled_from(["none", "hall_voting", "hall_electorate", "given"]))
        if data["weights"] == "given":
            data["given"] = [{"seat": seat, "weight": number % 3} for number, seat in enumerate(SEATS)]
    if method in ("approval", "single", "yes_no"):
        data["majority"] = draw(st.sampled_from(["simple", "absolute", "two_thirds"]))
        data["base"] = draw(st.sampled_from(["cast", "valid", "present", "electorate"]))
    return more(START, when(START, "ballot.open", data, fresh="b1"))


def box_of(draw: Any, state: State, method: str) -> BoxCount:
    ballot = state.ballots[ID]
    votes: dict[str, tuple[str, ...]] = {}
    for number, seat in enumerate(SEATS):
        slip = {"ballot": "b1", "choices": choices(draw, method) if draw(st.booleans()) else []}
        if ballot.secrecy == "secret":
            slip["tracker"] = f"{number:032x}"
        try:
            vote = admit_vote(state, parse_vote(slip), of(seat))
        except Refused:
            continue
        if draw(st.booleans()):
            votes[seat] = vote.choices
    listed = tuple(sorted(votes.values()))
    if ballot.secrecy == "open":
        return BoxCount(listed, tuple(sorted(votes)), (), tuple(sorted(votes.items())))
    trackers = tuple(f"{number:032x}" for number in range(len(votes)))
    pairs = tuple(zip(trackers, votes.values(), strict=True)) if ballot.proof == "full" else ()
    return BoxCount(listed, tuple(sorted(votes)), trackers, pairs)


def ended(draw: Any, method: str) -> tuple[State, BoxCount]:
    """A random ballot of this method, closed as a server closes it."""
    secret = draw(st.booleans())
    state = START
    for seat in draw(st.sets(st.sampled_from(SEATS))):
        state = more(state, when(state, "attendance.check_in", {"seat": seat}))
    state = more(state, opened_events(draw, method, secret))
    if not secret and draw(st.booleans()):
        for seat, to in ((SEATS[0], SEATS[1]), (SEATS[2], SEATS[1])):
            state = more(state, when(state, "ballot.delegate", {"to": to}, of(seat)))
    box = box_of(draw, state, method)
    command = dispatch.parse("ballot.close", {"ballot": "b1"})
    question = dispatch.asks(state, command, box)
    outcome = None if question is None else tallies.count(question)
    return more(state, dispatch.decide(state, command, Moment(MODERATOR, NOW, "f", box, outcome))), box


def opened_events(draw: Any, method: str, secret: bool) -> list[Any]:
    ballot = opened(draw, method, secret).ballots[ID]
    return [
        BallotOpened(
            ballot.id,
            ballot.title,
            ballot.secrecy,
            ballot.proof,
            ballot.choose_max,
            ballot.options,
            tuple(sorted(ballot.electorate)),
            rule=ballot.rule,
        )
    ]


def verified(raw: bytes, key: str | None = None) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transcript.json"
        path.write_bytes(raw)
        return verify.run(str(path), key)


@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_counts_the_same(method: str, capsys: pytest.CaptureFixture[str]) -> None:
    @settings(max_examples=25, deadline=None)
    @examples(st.data())
    def check(data: st.DataObject) -> None:
        state, box = ended(data.draw, method)
        assert verified(signed(state, ID, box, KEY)) == 0, capsys.readouterr().out

    check()


def resigned(told: dict[str, Any]) -> bytes:
    """By somebody who has the key: then the rest must speak for itself."""
    body = {name: value for name, value in told.items() if name != "signature"}
    return canonical({**body, "signature": KEY.sign(canonical(body))})


def plain() -> dict[str, Any]:
    """Three open votes by hall weights, s3 for s4."""
    data = {"title": "P", "secrecy": "open", "method": "single", "options": OPTIONS, "weights": "hall_voting"}
    state = more(START, when(START, "ballot.open", data, fresh="b1"))
    state = more(state, when(state, "ballot.delegate", {"to": SEATS[3]}, of(SEATS[4])))
    votes = ((str(SEATS[0]), ("w",)), (str(SEATS[1]), ("x",)), (str(SEATS[3]), ("x",)))
    box = BoxCount((("w",), ("x",), ("x",)), tuple(seat for seat, _ in votes), (), votes)
    closed = more(state, when(state, "ballot.close", {"ballot": "b1"}, box=box))
    told: dict[str, Any] = json.loads(signed(closed, ID, box, KEY))
    return told


def touched(told: dict[str, Any], change: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(told))
    change(copy)
    return copy


@pytest.mark.parametrize(
    ("word", "change"),
    [
        ("not those the result", lambda told: told["votes"][0].update(choices=["x"])),
        ("on the roll twice", lambda told: told["electorate"].remove("s0")),
        ("2 votes of 3", lambda told: told["votes"].pop()),
        ("handed on", lambda told: told["delegations"].append({"seat": "s0", "to": "s1"})),
        ("elected", lambda told: told["result"].update(elected=["w"])),
        ("votes of w", lambda told: told["result"]["counts"][0].update(votes=9)),
        ("value of w", lambda told: told["result"]["counts"][0].update(value="9")),
        ("votes cast", lambda told: told["result"].update(cast=9)),
        ("blank votes", lambda told: told["result"].update(blank=1)),
        ("value of", lambda told: told["rule"].update(weights="hall_electorate")),
        ("was not tied", lambda told: told["tie_breaks"].append({"option": "z", "reason": "", "by": "pass:m"})),
        ("no transcript of ours", lambda told: told.pop("roll")),
    ],
)
def test_what_was_touched_is_found_even_when_it_is_signed(
    word: str, change: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = plain()
    assert verified(resigned(told)) == 0
    if word != "not those the result":  # the tree would find most of these first
        monkeypatch.setitem(verify.CHECKS, "sealed votes", lambda told: None)
    capsys.readouterr()
    assert verified(resigned(touched(told, change))) == 1
    assert word in capsys.readouterr().out


def summed(method: str) -> dict[str, Any]:
    """Three secret votes, published as sums."""
    data = {"title": "P", "secrecy": "secret", "method": method, "options": OPTIONS, **NEEDS[method]}
    state = more(START, when(START, "ballot.open", data, fresh="b1"))
    papers = {"score": (("w:5",), ("w:1", "x:3"), ()), "schulze": (("w", "x"), ("x", "w", "y"), ("w",))}
    papers |= {
        "points": (("w:6",), ("x:6",), ()),
        "approval": (("w", "x"), ("w",), ()),
        "knapsack": (("w", "y"), ("x",), ()),
    }
    papers |= {"borda": (("w", "x"), ("x",), ())}
    box = BoxCount(tuple(sorted(papers[method])), SEATS[:3], tuple(f"{number:032x}" for number in range(3)))
    command = dispatch.parse("ballot.close", {"ballot": "b1"})
    question = dispatch.asks(state, command, box)
    outcome = None if question is None else tallies.count(question)
    closed = more(state, dispatch.decide(state, command, Moment(MODERATOR, NOW, "f", box, outcome)))
    told: dict[str, Any] = json.loads(signed(closed, ID, box, KEY))
    return told


@pytest.mark.parametrize(
    ("method", "word", "change"),
    [
        ("score", "not those the result", lambda sums: sums[1].update(value=7)),
        ("score", "sums: papers", lambda sums: sums[0].update(blank=-1)),
        ("score", "sums: votes of an option", lambda sums: sums[1].update(votes=3)),
        ("score", "sums: values", lambda sums: sums[1].update(value=11)),
        ("score", "sums: values", lambda sums: sums[2].update(value=0)),
        ("score", "value of w", lambda sums: sums[1].update(value=7)),
        ("score", "votes of 3", lambda sums: sums[0].update(cast=2)),
        ("score", "options with sums", lambda sums: sums.pop()),
        ("points", "sums: points", lambda sums: sums[2].update(votes=2, value=7)),
        ("approval", "sums: votes in all", lambda sums: [one.update(votes=2) for one in sums[1:]]),
        ("approval", "sums: votes in all", lambda sums: [one.update(votes=0) for one in sums[1:]]),
        ("approval", "blank votes", lambda sums: sums[0].update(blank=0)),
        ("knapsack", "sums: costs", lambda sums: sums[1].update(votes=2) or sums[2].update(votes=2)),
        ("borda", "sums: values", lambda sums: sums[1].update(value=4)),
        ("schulze", "sums: pairs", lambda sums: sums[1]["over"].__setitem__(0, 1)),
        ("schulze", "sums: pairs", lambda sums: sums[1]["over"].__setitem__(1, 3)),
        ("schulze", "sums: pairs", lambda sums: sums[1]["over"].__setitem__(1, 0)),
        ("schulze", "elected", lambda sums: sums[3].update(over=[9, 9, 0, 9])),
    ],
)
def test_sums_that_were_touched_are_found(
    method: str, word: str, change: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = summed(method)
    assert verified(resigned(told)) == 0
    if word != "not those the result":
        monkeypatch.setitem(verify.CHECKS, "sealed votes", lambda told: None)
    if word == "elected":
        monkeypatch.setitem(verify.CHECKS, "sums", lambda told: None)
    capsys.readouterr()
    assert verified(resigned(touched(told, lambda copy: change(copy["sums"])))) == 1
    assert word in capsys.readouterr().out


def test_the_signature_is_of_every_byte_and_of_the_key_one_knows(capsys: pytest.CaptureFixture[str]) -> None:
    told = plain()
    assert verified(canonical(touched(told, lambda copy: copy.update(title="Q")))) == 1
    assert "signature" in capsys.readouterr().out
    assert verified(canonical(told), KEY.public_text) == 0
    other = new_key("k2")
    assert verified(canonical(told), other.public_text) == 1


def test_it_is_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hasil.json"
    path.write_bytes(canonical(plain()))
    assert main(["verify", str(path)]) == 0
    assert "elected" in capsys.readouterr().out
    path.write_text("{", encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    assert main(["verify", str(tmp_path / "none.json")]) == 1


def test_hands_that_waited_for_their_witness_are_told_and_change_no_check(capsys: pytest.CaptureFixture[str]) -> None:
    hall = Actor(SESSION, Role.HALL, PassId("p-hall"), hall=HALLS[0])
    witness = SEATS[0]
    state = more(START, when(START, "attendance.check_in", {"seat": witness}))
    state = more(state, when(state, "hall.witness", {"hall": HALLS[0], "seat": witness}))
    state = more(state, when(state, "channel.set", {"seats": [witness], "channel": "hand"}))
    data = {"title": "P", "secrecy": "open", "method": "single", "options": OPTIONS}
    state = more(state, when(state, "ballot.open", data, fresh="b1"))

    def counted(before: State, option: str) -> State:
        counts = [{"option": option, "votes": 1}]
        said = {"ballot": "b1", "hall": HALLS[0], "cast": 1, "counts": counts, "witness": witness}
        return more(before, when(before, "ballot.hand_count", said, hall))

    def told(before: State) -> str:
        box = BoxCount((), ())
        closed = more(before, when(before, "ballot.close", {"ballot": "b1"}, box=box))
        assert verified(signed(closed, ID, box, KEY)) == 0
        return capsys.readouterr().out.splitlines()[-1]

    first = counted(state, "w")
    assert told(first) == "P: 0 of 9 voted; elected: nobody; 1 hands in pejuang not counted, unconfirmed"
    confirmed = {"ballot": "b1", "hall": HALLS[0], "base": 1}
    second = counted(more(first, when(first, "ballot.confirm_count", confirmed, of(witness))), "x")
    stood = "1 hands in pejuang not counted, unconfirmed (an earlier count was)"
    assert told(second) == f"P: 1 of 9 voted; elected: W; {stood}"
