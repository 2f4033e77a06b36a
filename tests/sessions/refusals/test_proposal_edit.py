"""What proposal.edit refuses."""

from tests.sessions.given import HALL_JATIASIH
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, BOARD, EDITED, SENT_UP, SPLIT, TAKEN_OFF, WITH_GROUP

DATA = {"proposal": "a", "base": 1, "fields": {"title": "Drainase"}}

test_proposal_edit = refusals(
    "proposal.edit",
    Case(BOARD, DATA),
    phases=BEFORE_THE_END,
    stale=Case(EDITED, DATA, says={"version": 2}),
    unknown_proposal=[Case(BOARD, {**DATA, "proposal": "z"}), Case(TAKEN_OFF, {**DATA, "base": 2})],
    with_group=Case(SPLIT, {**DATA, "proposal": WITH_GROUP}, says={"proposal": WITH_GROUP, "group": "g1"}),
    sent_up=Case(SENT_UP, {**DATA, "base": 3}, says={"to": "kota"}),
    forbidden=Case(BOARD, DATA, HALL_JATIASIH),
    bad_input=Case(BOARD, {**DATA, "fields": {"title": ""}}, says={"field": "fields.title"}),
)
