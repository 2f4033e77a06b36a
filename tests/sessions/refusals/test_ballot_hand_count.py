"""What ballot.hand_count refuses."""

from sessions.ballot import BallotVoided
from sessions.ids import BallotId
from tests.sessions.given import HALL_JATIASIH, HALL_PEJUANG, more
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_ballot import CLOSED
from tests.sessions.test_hands import COUNT, HANDS, opened

test_ballot_hand_count = refusals(
    "ballot.hand_count",
    Case(HANDS, {**COUNT, "blank": 0}, HALL_PEJUANG),
    phases=NOT_SEALED,
    unknown_ballot=Case(HANDS, {**COUNT, "ballot": "b9"}, HALL_PEJUANG, says={"ballot": "b9"}),
    ballot_closed=Case(CLOSED, COUNT, HALL_PEJUANG, says={"ballot": "b1"}),
    ballot_void=Case(more(HANDS, [BallotVoided(BallotId("b1"), "salah")]), COUNT, HALL_PEJUANG),
    wrong_hall=Case(HANDS, COUNT, HALL_JATIASIH, says={"hall": "pejuang"}),
    too_many_hands=Case(HANDS, {**COUNT, "cast": 2}, HALL_PEJUANG, says={"seats": 1}),
    unknown_option=Case(HANDS, {**COUNT, "counts": [{"option": "q", "votes": 1}]}, HALL_PEJUANG),
    hands_do_not_add_up=Case(HANDS, {**COUNT, "counts": [{"option": "x", "votes": 2}]}, HALL_PEJUANG),
    not_a_witness=[
        Case(HANDS, {**COUNT, "witness": "jatiasih-11"}, HALL_PEJUANG, says={"seat": "jatiasih-11"}),
        Case(opened("hand"), COUNT, HALL_PEJUANG, says={"seat": "pejuang-07"}),
    ],
    bad_input=Case(
        HANDS, {**COUNT, "counts": [{"option": "x", "votes": 0}, {"option": "x", "votes": 1}]}, HALL_PEJUANG
    ),
)
