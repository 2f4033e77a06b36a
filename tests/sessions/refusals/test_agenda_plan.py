"""What agenda.plan refuses."""

from sessions.agenda import AgendaItemStarted
from sessions.ids import ItemId
from tests.sessions.given import ADMIN, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, ONE_ITEM, PLANNED

TWICE = {"items": [{**ONE_ITEM, "item": "i1"}, {**ONE_ITEM, "item": "i1"}]}
WITHOUT_NOW = {"items": [ONE_ITEM]}

test_agenda_plan = refusals(
    "agenda.plan",
    Case(OPENED, {"items": [ONE_ITEM]}, ADMIN),
    phases=BEFORE_THE_END,
    unknown_hall=Case(OPENED, {"items": [{**ONE_ITEM, "hall": "nowhere"}]}, ADMIN, says={"hall": "nowhere"}),
    bad_input=[
        Case(OPENED, TWICE, ADMIN, says={"field": "items"}),
        Case((*PLANNED, AgendaItemStarted(ItemId("i1"))), WITHOUT_NOW, ADMIN, says={"field": "items"}),
        Case(OPENED, {"items": []}, ADMIN, says={"field": "items"}),
    ],
)
