"""What proposals.send_up refuses."""

from sessions.ascent import ProposalsSentUp
from sessions.ids import SessionId
from tests.sessions.given import ADMIN
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BOARD, CHOSEN, LINKED, SINCE_OPENING, SPLIT, WITH_GROUP, A

SENT = (*CHOSEN, ProposalsSentUp((A,), SessionId("kota")))
TO = {"to": "kota"}

test_proposals_send_up = refusals(
    "proposals.send_up",
    Case(CHOSEN, {"proposals": ["a"], "to": "kota", "override": ""}),
    Case(CHOSEN),
    phases=SINCE_OPENING,
    no_next_level=Case(BOARD),
    not_linked=Case(CHOSEN, {"to": "tetangga"}, says={"session": "tetangga"}),
    nothing_to_send=[Case(LINKED), Case(SENT)],
    not_prioritised=[Case(CHOSEN, {"proposals": ["b"]}, says={"proposal": "b"})],
    unknown_proposal=Case(CHOSEN, {"proposals": ["z"]}, says={"proposal": "z"}),
    sent_up=Case(SENT, {"proposals": ["a"]}, says={"proposal": "a", "to": "kota"}),
    with_group=Case(SPLIT, {"proposals": [WITH_GROUP], **TO}, actor=ADMIN, says={"group": "g1"}),
    bad_input=[
        Case(CHOSEN, {"proposals": ["a", "a"]}, says={"field": "proposals"}),
        Case(CHOSEN, {"to": "bekasi-2018"}, says={"field": "to"}),
    ],
)
