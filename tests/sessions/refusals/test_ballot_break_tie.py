"""What ballot.break_tie refuses."""

from sessions.ballot import BallotVoided
from sessions.ids import BallotId
from tests.sessions.given import more
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.test_ballot_methods import closed, opened

VOTES = {"pejuang-07": ("x",), "jatiasih-11": ("y",)}
TIED = closed(opened("single", tie="chair"), VOTES)
DATA = {"ballot": "b1", "option": "x", "reason": "genangan lebih parah"}

test_ballot_break_tie = refusals(
    "ballot.break_tie",
    Case(TIED, DATA),
    phases=("open", "recess"),
    unknown_ballot=Case(TIED, {**DATA, "ballot": "b9"}, says={"ballot": "b9"}),
    ballot_is_open=Case(opened("single", tie="chair"), DATA, says={"ballot": "b1"}),
    ballot_void=Case(more(TIED, [BallotVoided(BallotId("b1"), "salah")]), DATA, says={"ballot": "b1"}),
    chair_breaks_no_ties=Case(closed(opened("single"), VOTES), DATA),
    option_not_tied=Case(TIED, {**DATA, "option": "z"}),
    reason_required=Case(TIED, {**DATA, "reason": ""}),
)
