"""What proposals.carry_over refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, LINKED

test_proposals_carry_over = refusals(
    "proposals.carry_over",
    Case(LINKED, {"from": "lalu", "statuses": ["RESERVE", "NOT_AGREED"]}),
    phases=BEFORE_THE_END,
    no_previous_year=Case(OPENED),
    not_linked=Case(LINKED, {"from": "tetangga"}, says={"session": "tetangga"}),
    bad_input=Case(LINKED, {"from": "bekasi-2018"}, says={"field": "from"}),
)
