"""What groups.returned refuses."""

from tests.sessions.given import SYSTEM, more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED, SPLIT

RECALLED = more(SPLIT, when(SPLIT, "groups.recall", {"group": "g1", "reason": "waktu habis"}))
DATA = {"group": "g1", "cards": []}

test_groups_returned = refusals(
    "groups.returned",
    Case(SPLIT, DATA, SYSTEM),
    phases=NOT_SEALED,
    loose=True,
    unknown_group=Case(SPLIT, {**DATA, "group": "g9"}, SYSTEM, says={"group": "g9"}),
    group_is_back=Case(RECALLED, DATA, SYSTEM, says={"state": "recalled"}),
)
