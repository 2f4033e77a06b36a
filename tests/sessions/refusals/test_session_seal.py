"""What session.seal refuses."""

from sessions.session import SessionClosed
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import CLOSED, IN_REHEARSAL

test_session_seal = refusals(
    "session.seal",
    Case(CLOSED, {"reason": "naskah belum dibacakan"}),
    phases=("closed",),
    rehearsal_never_sealed=Case((*IN_REHEARSAL, SessionClosed())),
    record_not_confirmed=Case(CLOSED),
)
