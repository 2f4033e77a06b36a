"""What agenda.insert refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, HUNDRED, ONE_ITEM, PLANNED

test_agenda_insert = refusals(
    "agenda.insert",
    Case(PLANNED, {"before": "i2", **ONE_ITEM, "speaker": "Camat", "hall": "pejuang", "note": "bawa foto"}),
    Case(OPENED, {"before": None, **ONE_ITEM}),
    phases=BEFORE_THE_END,
    unknown_item=Case(PLANNED, {"before": "i9", **ONE_ITEM}, says={"item": "i9"}),
    unknown_hall=Case(PLANNED, {"before": None, **ONE_ITEM, "hall": "nowhere"}, says={"hall": "nowhere"}),
    agenda_full=Case(HUNDRED, {"before": None, **ONE_ITEM}, says={"most": 100}),
)
