"""What proposal.add refuses."""

from tests.sessions.given import HALL_JATIASIH, HALL_PEJUANG, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

DATA = {"title": "Posyandu", "hall": "pejuang"}

test_proposal_add = refusals(
    "proposal.add",
    Case(OPENED, {**DATA, "owner": "pejuang-07", "amount": 5, "urgency": "MENDESAK"}, HALL_PEJUANG),
    phases=BEFORE_THE_END,
    unknown_hall=Case(OPENED, {**DATA, "hall": "nowhere"}, says={"hall": "nowhere"}),
    forbidden=Case(OPENED, DATA, HALL_JATIASIH),
    bad_input=[
        Case(OPENED, {**DATA, "owner": "jatiasih-11"}, says={"field": "owner"}),
        Case(OPENED, {**DATA, "map_link": "javascript:alert(1)"}, says={"field": "map_link"}),
    ],
)
