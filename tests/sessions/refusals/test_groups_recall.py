"""What groups.recall refuses."""

from tests.sessions.given import more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED, SPLIT

DATA = {"group": "g1", "reason": "waktu habis"}
RECALLED = more(SPLIT, when(SPLIT, "groups.recall", DATA))

test_groups_recall = refusals(
    "groups.recall",
    Case(SPLIT, DATA),
    phases=NOT_SEALED,
    unknown_group=Case(SPLIT, {**DATA, "group": "g9"}, says={"group": "g9"}),
    group_is_back=Case(RECALLED, DATA, says={"state": "recalled"}),
    reason_required=Case(SPLIT, {"group": "g1"}),
)
