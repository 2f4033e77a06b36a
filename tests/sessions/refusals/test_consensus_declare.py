"""What consensus.declare refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BOARD

DATA = {"subject": "Drainase dahulu", "proposals": ["a", "b"], "outcome": "agreed"}

test_consensus_declare = refusals(
    "consensus.declare",
    Case(BOARD, {**DATA, "note": "tanpa keberatan"}),
    phases=("open",),
    unknown_proposal=Case(BOARD, {**DATA, "proposals": ["z"]}, says={"proposal": "z"}),
    bad_input=Case(BOARD, {**DATA, "proposals": ["a", "a"]}, says={"field": "proposals"}),
)
