"""What ballot.undelegate refuses."""

from sessions.ballot import BallotVoided
from sessions.ids import BallotId
from tests.sessions.given import more
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END
from tests.sessions.test_proxy import A, B, closed, hall, lets, of, opened

RUNS = opened(lets(hall(), A, B))
DATA = {"ballot": "b1"}

test_ballot_undelegate = refusals(
    "ballot.undelegate",
    Case(RUNS, DATA, of(A)),
    phases=BEFORE_THE_END,
    unknown_ballot=Case(hall(), DATA, of(A), says={"ballot": "b1"}),
    ballot_closed=Case(closed(RUNS, {B: "x"}), DATA, of(A)),
    ballot_void=Case(more(RUNS, [BallotVoided(BallotId("b1"), "salah")]), DATA, of(A)),
)
