"""What photo.attach refuses."""

from tests.sessions.given import SYSTEM, given, more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, SPLIT, WITH_GROUP
from tests.sessions.test_photo import BOARD, PHOTO

FULL = given(*BOARD)
for number in range(FULL.rules.board.photos_most):
    FULL = more(FULL, when(FULL, "photo.attach", {**PHOTO, "file": f"f{number}"}, SYSTEM))

test_photo_attach = refusals(
    "photo.attach",
    Case(BOARD, PHOTO, SYSTEM),
    phases=BEFORE_THE_END,
    unknown_proposal=Case(BOARD, {**PHOTO, "proposal": "z"}, SYSTEM),
    too_many_photos=Case(FULL, PHOTO, SYSTEM, says={"most": FULL.rules.board.photos_most}),
    with_group=Case(SPLIT, {**PHOTO, "proposal": WITH_GROUP}, SYSTEM, says={"group": "g1"}),
)
