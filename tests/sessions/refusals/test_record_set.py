"""What record.set refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_record_set = refusals(
    "record.set",
    Case(
        OPENED,
        {
            "number": "050/12",
            "letterhead": ["PEMERINTAH KOTA"],
            "signatories": [{"role": "chair", "seat": "pejuang-07"}],
        },
    ),
    phases=NOT_SEALED,
    bad_input=[
        Case(OPENED, {"signatories": [{"role": "chair", "seat": "nobody"}]}, says={"field": "signatories.0.seat"}),
        Case(OPENED, {"letterhead": ["x"] * 7}, says={"field": "letterhead"}),
    ],
)
