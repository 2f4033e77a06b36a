"""What groups.join_back refuses."""

from tests.sessions.given import OPENED, more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED, SPLIT

RECALLED = more(SPLIT, when(SPLIT, "groups.recall", {"group": "g1", "reason": "waktu habis"}))

test_groups_join_back = refusals(
    "groups.join_back",
    Case(SPLIT, {"group": "g1"}),
    Case(OPENED),
    phases=NOT_SEALED,
    unknown_group=Case(SPLIT, {"group": "g9"}, says={"group": "g9"}),
    group_is_back=Case(RECALLED, {"group": "g1"}, says={"state": "recalled"}),
)
