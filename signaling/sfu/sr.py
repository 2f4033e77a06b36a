"""Sender reports across the SFU: publishers' clocks translated to ours, so that a switch never jumps in NTP time."""

from __future__ import annotations

from dataclasses import dataclass

NTP_EPOCH = 2208988800  # seconds from 1900 to 1970
JUMP = 1 << 31  # half a second: the publisher's clock was set
SLEW = (1 << 32) // 500  # at most 2 ms a report, so that lip-sync drifts instead of jumping


def ntp(wall_s: float) -> int:
    """Unix seconds as 64-bit NTP time."""
    return int((wall_s + NTP_EPOCH) * (1 << 32))


@dataclass(slots=True)
class PublisherClock:
    """The difference between our clock and one publisher's, shared by its audio and its video (RFC 3550 §6.4.1).

    The smallest difference seen is the nearest to the truth: the network only ever adds delay.
    """

    offset: int | None = None

    def heard(self, sent_ntp: int, arrived_ntp: int) -> None:
        """An SR that says `sent_ntp` came at our `arrived_ntp`."""
        difference = arrived_ntp - sent_ntp
        if self.offset is None or abs(difference - self.offset) > JUMP:
            self.offset = difference
        elif difference < self.offset:
            self.offset -= min(SLEW, self.offset - difference)
        else:  # drifts up very slowly, so that a clock that runs slow is followed
            self.offset += min(SLEW // 20, difference - self.offset)

    def translate(self, publisher_ntp: int) -> int:
        """The publisher's time in ours; unchanged before its first SR."""
        return (publisher_ntp + (self.offset or 0)) & 0xFFFFFFFFFFFFFFFF


@dataclass(frozen=True, slots=True)
class Mapping:
    """One instant of a producer: ntp in our clock, rtp_ts in its own. lsr: middle bits of the SR as it came."""

    ntp: int
    rtp_ts: int
    lsr: int
    arrived_s: float

    def for_consumer(self, ts_offset: int) -> tuple[int, int]:
        """(ntp, rtp_ts) of the SR to relay; ts_offset: outgoing minus incoming timestamp."""
        return self.ntp, (self.rtp_ts + ts_offset) & 0xFFFFFFFF
