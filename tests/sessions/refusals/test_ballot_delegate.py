"""What ballot.delegate refuses."""

from sessions.ballot import BallotVoided
from sessions.ids import BallotId
from tests.sessions.given import more
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END
from tests.sessions.test_proxy import A, B, C, D, closed, hall, lets, of, opened

TWO = lets(lets(hall(), A, B), C, B)
RUNS = opened(hall())

test_ballot_delegate = refusals(
    "ballot.delegate",
    Case(hall(), {"to": B, "ballot": None}, of(A)),
    Case(RUNS, {"to": B, "ballot": "b1"}, of(A)),
    phases=BEFORE_THE_END,
    no_delegation=Case(hall(0), {"to": B}, of(A)),
    not_on_secret=Case(opened(hall(), "secret"), {"to": B, "ballot": "b1"}, of(A), says={"field": "delegations"}),
    not_in_electorate=Case(hall(), {"to": "guest"}, of(A), says={"seat": "guest"}),
    delegation_cycle=[Case(hall(), {"to": A}, of(A)), Case(lets(hall(), A, B), {"to": A}, of(B))],
    delegation_full=Case(TWO, {"to": B}, of(D), says={"seat": B, "most": 2}),
    unknown_seat=Case(hall(), {"to": "nobody"}, of(A), says={"seat": "nobody"}),
    unknown_ballot=Case(hall(), {"to": B, "ballot": "b9"}, of(A), says={"ballot": "b9"}),
    ballot_closed=Case(closed(RUNS, {A: "x"}), {"to": B, "ballot": "b1"}, of(A)),
    ballot_void=Case(more(RUNS, [BallotVoided(BallotId("b1"), "salah")]), {"to": B, "ballot": "b1"}, of(A)),
)
