"""Names for the ids of the domain, so that a hall's id is never taken for a seat's."""

from typing import NewType

SessionId = NewType("SessionId", str)
HallId = NewType("HallId", str)
SeatId = NewType("SeatId", str)
PassId = NewType("PassId", str)
ItemId = NewType("ItemId", str)
RequestId = NewType("RequestId", str)
ProposalId = NewType("ProposalId", str)
BallotId = NewType("BallotId", str)
DeckId = NewType("DeckId", str)
