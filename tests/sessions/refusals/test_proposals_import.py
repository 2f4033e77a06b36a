"""What proposals.import refuses."""

from tests.sessions.given import ADMIN
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, BOARD

ROW = {"title": "Sumur", "hall": "pejuang", "proposal": "d"}
BACK = {**ROW, "status": "RETURNED", "reason_code": "WRONG_ADDRESS", "reason": "RT tidak ada"}

test_proposals_import = refusals(
    "proposals.import",
    Case(BOARD, {"proposals": [ROW, {"title": "Jalan", "hall": "jatiasih"}]}, ADMIN),
    Case(BOARD, {"proposals": [BACK]}, ADMIN),
    phases=BEFORE_THE_END,
    already_exists=[
        Case(BOARD, {"proposals": [{**ROW, "proposal": "a"}]}, ADMIN, says={"proposal": "a"}),
        Case(BOARD, {"proposals": [ROW, ROW]}, ADMIN, says={"proposal": "d"}),
    ],
    unknown_hall=Case(BOARD, {"proposals": [{**ROW, "hall": "nowhere"}]}, ADMIN, says={"hall": "nowhere"}),
    bad_input=[
        Case(BOARD, {"proposals": [{**ROW, "owner": "jatiasih-11"}]}, ADMIN, says={"field": "owner"}),
        Case(BOARD, {"proposals": [{**ROW, "status": "PRIORITISED"}]}, ADMIN, says={"field": "proposals.0.status"}),
    ],
    reason_required=Case(BOARD, {"proposals": [{**BACK, "reason": ""}]}, ADMIN, says={"missing": ["reason"]}),
)
