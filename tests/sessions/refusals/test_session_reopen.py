"""What session.reopen refuses."""

from dataclasses import replace

from sessions.session import GroupDismissed
from tests.sessions.given import CREATED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import CLOSED

GROUP = replace(CREATED, kind="group")
DATA = {"reason": "hasil belum dibacakan"}

test_session_reopen = refusals(
    "session.reopen",
    Case(CLOSED, DATA),
    phases=("closed",),
    reason_required=Case(CLOSED),
    results_sent=Case((GROUP, *CLOSED[1:], GroupDismissed()), DATA),
)
