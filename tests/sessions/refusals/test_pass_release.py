"""What pass.release refuses."""

from sessions.ids import PassId
from sessions.passes import PassRevoked
from tests.sessions.given import ADMIN, HALL_JATIASIH, HALL_PEJUANG, MODERATOR, OPENED, PEJUANG
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import CARD, VOTING_CARD

CARDS = (*OPENED, VOTING_CARD, CARD)
SEAT = {"seat": "pejuang-07"}
ELSEWHERE = {"hall": PEJUANG, "name": "Pejuang"}

test_pass_release = refusals(
    "pass.release",
    Case(CARDS, SEAT, HALL_PEJUANG),
    Case(CARDS, {"pass": "p2"}, ADMIN),
    Case(CARDS, SEAT, MODERATOR),
    unknown_seat=Case(CARDS, {"seat": "nobody"}, HALL_PEJUANG, says={"seat": "nobody"}),
    unknown_pass=[
        Case(CARDS, {"pass": "p9"}, ADMIN),
        Case(OPENED, SEAT, HALL_PEJUANG),
        Case((*CARDS, PassRevoked(PassId("p2"))), SEAT, HALL_PEJUANG),
    ],
    no_seat=Case(CARDS, {"pass": "p1"}, ADMIN),
    wrong_hall=[
        Case(CARDS, SEAT, HALL_JATIASIH, says=ELSEWHERE),
        Case(CARDS, {"pass": "p2"}, HALL_JATIASIH, says=ELSEWHERE),
    ],
    bad_input=[
        Case(CARDS, {}, ADMIN, says={"field": "seat"}),
        Case(CARDS, {**SEAT, "pass": "p2"}, ADMIN, says={"field": "seat"}),
    ],
)
