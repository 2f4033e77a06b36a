"""What pass.claim refuses."""

from sessions.ids import PassId
from sessions.passes import PassReleased, PassRevoked
from tests.sessions.given import NOW, OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import CARD, VOTING_CARD

P2 = PassId("p2")
DATA = {"pass": "p2", "device": "a" * 32, "by": "pin"}

test_pass_claim = refusals(
    "pass.claim",
    Case((*OPENED, VOTING_CARD), DATA, SYSTEM),
    Case((*OPENED, VOTING_CARD, PassReleased(P2, NOW + 1)), {**DATA, "by": "release"}, SYSTEM),
    unknown_pass=Case(OPENED, DATA, SYSTEM),
    no_seat=Case((*OPENED, CARD), {**DATA, "pass": "p1"}, SYSTEM),
    pass_revoked=Case((*OPENED, VOTING_CARD, PassRevoked(P2)), DATA, SYSTEM),
    pass_claimed=[
        Case((*OPENED, VOTING_CARD), {**DATA, "by": "release"}, SYSTEM),
        Case((*OPENED, VOTING_CARD, PassReleased(P2, NOW)), {**DATA, "by": "release"}, SYSTEM),
    ],
    bad_input=[
        Case((*OPENED, VOTING_CARD), {**DATA, "device": "short"}, SYSTEM, says={"field": "device"}),
        Case((*OPENED, VOTING_CARD), {**DATA, "by": "word"}, SYSTEM, says={"field": "by"}),
    ],
)
