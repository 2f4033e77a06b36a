"""What agenda.edit refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, PLANNED, SECOND_RUNS

test_agenda_edit = refusals(
    "agenda.edit",
    Case(PLANNED, {"item": "i3", "fields": {"minutes": 7, "title": "Doa", "kind": "PRAYER"}}),
    phases=BEFORE_THE_END,
    unknown_item=Case(PLANNED, {"item": "i9", "fields": {"minutes": 7}}, says={"item": "i9"}),
    unknown_hall=Case(PLANNED, {"item": "i1", "fields": {"hall": "nowhere"}}, says={"hall": "nowhere"}),
    item_has_begun=Case(SECOND_RUNS, {"item": "i1", "fields": {"minutes": 7}}, says={"item": "i1", "state": "done"}),
)
