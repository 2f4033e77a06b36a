"""What proposals.import refuses."""

from tests.sessions.given import ADMIN
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, BOARD

ROW = {"title": "Sumur", "hall": "pejuang", "proposal": "d"}

test_proposals_import = refusals(
    "proposals.import",
    Case(BOARD, {"proposals": [ROW, {"title": "Jalan", "hall": "jatiasih"}]}, ADMIN),
    phases=BEFORE_THE_END,
    already_exists=[
        Case(BOARD, {"proposals": [{**ROW, "proposal": "a"}]}, ADMIN, says={"proposal": "a"}),
        Case(BOARD, {"proposals": [ROW, ROW]}, ADMIN, says={"proposal": "d"}),
    ],
    unknown_hall=Case(BOARD, {"proposals": [{**ROW, "hall": "nowhere"}]}, ADMIN, says={"hall": "nowhere"}),
    bad_input=Case(BOARD, {"proposals": [{**ROW, "owner": "jatiasih-11"}]}, ADMIN, says={"field": "owner"}),
)
