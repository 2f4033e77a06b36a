"""The last packets of a producer, kept to answer NACKs, and the sequence numbers it still owes us."""

from __future__ import annotations

from signaling.sfu.rewrite import Rtp

LARGEST_GAP = 256  # a longer burst of loss is past repair: the key frame request is the answer
MOST_MISSING = 512
FIRST_NACK_US = 20_000  # a reordered packet gets this long to arrive by itself
NEXT_NACK_US = 60_000
MOST_NACKS = 8


class PacketCache:
    """A ring of `depth` packets by extended sequence number."""

    __slots__ = ("_slots", "depth")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self._slots: list[tuple[int, Rtp] | None] = [None] * depth

    def put(self, index: int, rtp: Rtp) -> None:
        """A late packet never evicts a newer one."""
        at = index % self.depth
        slot = self._slots[at]
        if slot is None or slot[0] <= index:
            self._slots[at] = (index, rtp)

    def get(self, index: int) -> Rtp | None:
        slot = self._slots[index % self.depth]
        return slot[1] if slot is not None and slot[0] == index else None


class Missing:
    """Extended sequence numbers that did not come, each with its schedule of NACKs."""

    __slots__ = ("_packets",)

    def __init__(self) -> None:
        self._packets: dict[int, tuple[int, int]] = {}  # index → (due, tries), ascending

    def gap(self, lost: range, now_us: int) -> None:
        if len(lost) > LARGEST_GAP:
            self._packets.clear()
            return
        for index in lost:
            self._packets[index] = (now_us + FIRST_NACK_US, 0)
        while len(self._packets) > MOST_MISSING:
            del self._packets[next(iter(self._packets))]

    def found(self, index: int) -> None:
        self._packets.pop(index, None)

    def due(self, oldest: int, now_us: int) -> list[int]:
        """Sequence numbers (16 bits) to ask for now.

        Forgets what is older than `oldest` or was asked for often enough.
        """
        asked = []
        for index, (due_us, tries) in list(self._packets.items()):
            if index < oldest or (due_us <= now_us and tries == MOST_NACKS):
                del self._packets[index]
            elif due_us <= now_us:
                asked.append(index & 0xFFFF)
                self._packets[index] = (now_us + NEXT_NACK_US, tries + 1)
        return asked
