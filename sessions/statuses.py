"""The life of a proposal: its statuses, which may follow which, where each stands on the board, and why one says no.

The statuses are those of R2 to R4 and P18 (docs/sources.md), the reason codes those of P18, P22 and R3. The first
status, DRAFT, is none of a card: what is still being written is kept apart until it is submitted (sessions/draft.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from sessions.errors import Refused

MERGED, WITHDRAWN = "MERGED", "WITHDRAWN"

BEFORE = ("SUBMITTED", "VERIFIED", "RETURNED", "SURVEYED")
DISCUSSION = ("DISCUSSED", "AGREED", "AGREED_WITH_CHANGES")
RANKED = ("PRIORITISED", "RESERVE")
UPWARDS = ("SENT_UP",)
TAKEN_UP = ("ACCOMMODATED_NEXT_YEAR", "ACCOMMODATED_CURRENT_YEAR")
FATES = (*TAKEN_UP, "NOT_ACCOMMODATED", "REALISED", "NOT_REALISED")
# What a card on the board can be; the two others have left it, by a merge or by their owner.
STATUSES = (*BEFORE, *DISCUSSION, *RANKED, "NOT_AGREED", *UPWARDS, *FATES)
LEFT = (MERGED, WITHDRAWN)
NEGATIVE = ("RETURNED", "NOT_AGREED", "NOT_ACCOMMODATED", "NOT_REALISED")

# The column a status stands in; one order of ranks runs through each column.
COLUMN_OF: Mapping[str, str] = {
    **dict.fromkeys(BEFORE, "SUBMITTED"),
    **dict.fromkeys(DISCUSSION, "DISCUSSED"),
    **dict.fromkeys(("PRIORITISED", *UPWARDS, *TAKEN_UP, "REALISED"), "PRIORITISED"),
    "RESERVE": "RESERVE",
    **dict.fromkeys(("NOT_AGREED", "NOT_ACCOMMODATED", "NOT_REALISED"), "NOT_AGREED"),
}
COLUMNS = ("SUBMITTED", "DISCUSSED", "PRIORITISED", "RESERVE", "NOT_AGREED")

# A board is worked on back and forth, so what was only moved can be moved back. What has left for another level or
# office comes back only from the step it has reached.
AT_WORK = ("SUBMITTED", "DISCUSSED", *RANKED, "NOT_AGREED")
AGREED = ("AGREED", "AGREED_WITH_CHANGES")
STEPS: Mapping[str, tuple[str, ...]] = {
    "SUBMITTED": (*AT_WORK, "VERIFIED", "RETURNED", "SURVEYED", *AGREED, *LEFT),
    "VERIFIED": (*AT_WORK, "RETURNED", "SURVEYED", *AGREED, *LEFT),
    "RETURNED": ("SUBMITTED", "VERIFIED", "NOT_AGREED", *LEFT),
    "SURVEYED": (*AT_WORK, "VERIFIED", "RETURNED", *AGREED, *LEFT),
    "DISCUSSED": (*AT_WORK, "VERIFIED", "RETURNED", "SURVEYED", *AGREED, *LEFT),
    "AGREED": ("DISCUSSED", "AGREED_WITH_CHANGES", *RANKED, "NOT_AGREED", "SENT_UP", *LEFT),
    "AGREED_WITH_CHANGES": ("DISCUSSED", "AGREED", *RANKED, "NOT_AGREED", "SENT_UP", *LEFT),
    "PRIORITISED": (*AT_WORK, *AGREED, "SENT_UP", *LEFT),
    "RESERVE": (*AT_WORK, *AGREED, "SENT_UP", *LEFT),
    "NOT_AGREED": (*AT_WORK, "RETURNED", *AGREED, *LEFT),
    "SENT_UP": (*RANKED, *TAKEN_UP, "NOT_ACCOMMODATED", WITHDRAWN),
    "ACCOMMODATED_NEXT_YEAR": ("SENT_UP", "ACCOMMODATED_CURRENT_YEAR", "NOT_ACCOMMODATED", "REALISED", "NOT_REALISED"),
    "ACCOMMODATED_CURRENT_YEAR": ("SENT_UP", "ACCOMMODATED_NEXT_YEAR", "NOT_ACCOMMODATED", "REALISED", "NOT_REALISED"),
    "NOT_ACCOMMODATED": ("SENT_UP", *TAKEN_UP),
    "REALISED": (*TAKEN_UP, "NOT_REALISED"),
    "NOT_REALISED": (*TAKEN_UP, "REALISED"),
    # Back by proposal.unmerge to what it was; its owner may still withdraw it.
    MERGED: (WITHDRAWN,),
    WITHDRAWN: (),
}
TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    status: tuple(to for to in after if to != status) for status, after in STEPS.items()
}

OTHER = "OTHER"
REASON_CODES = (
    *("DUPLICATE", "WRONG_ADDRESS", "ALREADY_PROPOSED", "WRONG_AGENCY"),  # P22
    *("LAND_NOT_OWNED_BY_GOV", "STILL_FIT", "RESIDENTS_OBJECT", "WITHDRAWN_BY_RW"),  # P18
    *("SIZE_BELOW_STANDARD", "ASSET_STATUS"),  # P18, December 2025
    *("LAND_DISPUTE", "PSU_NOT_HANDED_OVER", "RECIPIENT_NOT_LEGAL_ENTITY"),  # R3; UU 23/2014 Pasal 298(5)
    "URGENT_USE_OTHER_CHANNEL",
    *("OVER_CEILING", "NOT_IN_AUTHORITY", "NOT_IN_CATALOGUE", OTHER),
)


def require_step(status: str, to: str) -> None:
    """Raises Refused("not_from_here") unless the one status may follow the other; staying is no step."""
    if to != status and to not in TRANSITIONS[status]:
        raise Refused("not_from_here", status=status, to=to, allowed=list(TRANSITIONS[status]))


def require_reason(code: str, reason: str) -> None:
    """Whoever says no owes a code and words of their own. Raises Refused("reason_required", missing=[…])."""
    missing = [name for name, value in (("reason_code", code), ("reason", reason)) if not value]
    if missing:
        raise Refused("reason_required", missing=missing)
