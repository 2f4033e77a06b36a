"""What groups.split refuses."""

from dataclasses import replace

from tests.sessions.given import ADMIN, CREATED, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BOARD, SPLIT

GROUP = {"session": "g1", "title": "Kelompok I", "halls": ["pejuang"]}
OTHER = {"session": "g2", "title": "Kelompok II", "halls": ["pejuang"], "seats": ["pejuang-07"]}
IN_GROUP = (replace(CREATED, kind="group"), *OPENED[1:])

test_groups_split = refusals(
    "groups.split",
    Case(BOARD, {"groups": [{**GROUP, "fields": ["EKONOMI"], "seats": ["pejuang-07"]}]}, ADMIN),
    Case(BOARD, {"groups": [{"title": "Kelompok I", "halls": ["pejuang"]}]}),
    phases=("open",),
    unknown_hall=Case(BOARD, {"groups": [{**GROUP, "halls": ["nowhere"]}]}, ADMIN, says={"hall": "nowhere"}),
    unknown_seat=Case(BOARD, {"groups": [{**GROUP, "seats": ["nobody"]}]}, ADMIN, says={"seat": "nobody"}),
    unknown_pass=Case(BOARD, {"groups": [{**GROUP, "moderator": "p-nobody"}]}, ADMIN),
    in_another_group=Case(BOARD, {"groups": [GROUP, OTHER]}, ADMIN, says={"seats": ["pejuang-07"]}),
    already_exists=[
        Case(BOARD, {"groups": [GROUP, {**GROUP, "halls": ["jatiasih"]}]}, ADMIN, says={"session": "g1"}),
        Case(SPLIT, {"groups": [{**GROUP, "halls": ["jatiasih"]}]}, ADMIN, says={"session": "g1"}),
    ],
    not_linked=Case(BOARD, {"groups": [GROUP]}, says={"session": "g1"}),
    forbidden=Case(IN_GROUP, {"groups": [GROUP]}),
)
