"""What file.attach refuses."""

from tests.sessions.given import SYSTEM, given
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, SPLIT, WITH_GROUP
from tests.sessions.test_document import LETTER, lettered
from tests.sessions.test_photo import BOARD

FULL = given(*BOARD)
FULL = lettered(FULL, *(f"f{number}" for number in range(FULL.rules.board.documents_most)))

test_file_attach = refusals(
    "file.attach",
    Case(BOARD, LETTER, SYSTEM),
    phases=BEFORE_THE_END,
    unknown_proposal=Case(BOARD, {**LETTER, "proposal": "z"}, SYSTEM),
    too_many_files=Case(FULL, LETTER, SYSTEM, says={"most": FULL.rules.board.documents_most}),
    with_group=Case(SPLIT, {**LETTER, "proposal": WITH_GROUP}, SYSTEM, says={"group": "g1"}),
)
