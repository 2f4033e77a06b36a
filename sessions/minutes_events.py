"""What every event does to the record: a line of its own, a change somewhere else in it, or nothing at all.

`LINES` are those of sessions/minutes_lines.py. `PARTS` name the part of the record an event without a line changes.
`SILENT` is for the rest, so that nobody adds an event without deciding on its place.
"""

from __future__ import annotations

from collections.abc import Mapping

from sessions.minutes_lines import PROCEEDINGS, SITE

LINES = frozenset({*PROCEEDINGS, *SITE})
PARTS: Mapping[str, str] = {
    "session_created": "head",
    "hall_added": "annex_1",
    "hall_edited": "annex_1",
    "seat_added": "annex_1",
    "seats_imported": "annex_1",
    "seat_edited": "annex_1",
    "seat_checked_in": "annex_1",
    "seat_left": "annex_1",
    "guests_counted": "annex_1",
    "witness_named": "annex_1",
    "witness_dismissed": "annex_1",
    "agenda_planned": "considerations",
    "agenda_item_edited": "considerations",
    "agenda_item_moved": "considerations",
    "cards_brought": "annex_3",
    "floor_yielded": "annex_7",
    "floor_paused": "annex_7",
    "floor_resumed": "annex_7",
    "hall_lost": "annex_6",
    "hall_back": "annex_6",
    "count_confirmed": "annex_5",
    "record_set": "head",
}
SILENT = frozenset(
    {
        # Preparation, and who may come in with what.
        "session_linked", "lobby_opened", "pass_issued", "pass_revoked", "pass_claimed",
        "pass_released", "key_published", "halls_mapped", "channel_set",
        # What is still being written is no proposal; once it is submitted, proposal_added tells.
        "draft_added", "draft_edited", "draft_dropped",
        # What passes between sessions tells where it arrives: proposals_received, group_joined, proposals_kept …
        "parcel_sent", "parcel_delivered", "parcel_refused", "parcel_resent", "parcel_forgotten", "group_called",
        "carry_requested", "carry_granted", "fates_received", "cast_set", "cast_mirrored", "cast_left",
        # A wait is told when it is set; what follows it is a declaration.
        "quorum_wait_passed",
        # Whoever waits has not spoken; a turn is told when it ends, with all its time.
        "floor_requested", "floor_withdrawn", "floor_reordered", "floor_extended",
        # What is to be seen or heard just now.
        "spotlight_turned", "scene_shown", "focus_set", "interpreter_set", "hall_muted",
        "deck_added", "deck_shown", "deck_hidden", "deck_removed",
        # Told by their end: rollcall_ended, chair_taken, scoring_closed, ballot_closed.
        "rollcall_started", "rollcall_answered", "chair_lost", "chair_back", "score_given", "vote_delegated",
        "delegation_ended",
        # Same order under other numbers; pictures are shown with the proposal and not printed.
        "column_renumbered", "photo_attached", "photo_removed", "document_attached", "document_removed",
    }
)  # fmt: skip
APPROVING = frozenset({"record_confirmed", "session_sealed", "record_amended"})
# Doors and links go on after the end: what they do then is no part of the session any more.
UNTIL_CLOSED = frozenset({"seat_left", "hall_came", "hall_lost", "hall_back", "hall_blanked", "chair_taken"})
CHANGING = (LINES | frozenset(PARTS)) - APPROVING


def tells(event: str, phase: str) -> bool:
    """Whether this event changes the text that a forum approves. phase: of the session before it."""
    return event in CHANGING and not (phase == "closed" and event in UNTIL_CLOSED)
