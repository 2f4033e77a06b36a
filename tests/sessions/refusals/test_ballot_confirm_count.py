"""What ballot.confirm_count refuses."""

from sessions.ballot import BallotVoided
from sessions.ids import BallotId
from tests.sessions.given import DELEGATE_07, DELEGATE_11, HALL_PEJUANG, more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_ballot import CLOSED
from tests.sessions.test_hands import COUNT, HANDS

COUNTED = more(HANDS, when(HANDS, "ballot.hand_count", COUNT, HALL_PEJUANG))
DATA = {"ballot": "b1", "hall": "pejuang", "base": 1}

test_ballot_confirm_count = refusals(
    "ballot.confirm_count",
    Case(COUNTED, DATA, DELEGATE_07),
    phases=NOT_SEALED,
    unknown_ballot=Case(COUNTED, {**DATA, "ballot": "b9"}, DELEGATE_07),
    no_hand_count=Case(HANDS, DATA, DELEGATE_07, says={"hall": "pejuang"}),
    not_a_witness=Case(COUNTED, DATA, DELEGATE_11),
    stale=Case(COUNTED, {**DATA, "base": 2}, DELEGATE_07, says={"version": 1}),
    ballot_closed=Case(CLOSED, DATA, DELEGATE_07),
    ballot_void=Case(more(COUNTED, [BallotVoided(BallotId("b1"), "salah")]), DATA, DELEGATE_07),
)
