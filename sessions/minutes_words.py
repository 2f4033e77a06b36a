"""Numbers, dates, times and money as an Indonesian record writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

ONES = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
)  # fmt: skip
SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"))
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
HOURS_AHEAD = {"WIB": 7, "WITA": 8, "WIT": 9}
ORDINALS = (
    "KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA", "KEENAM", "KETUJUH", "KEDELAPAN", "KESEMBILAN", "KESEPULUH",
)  # fmt: skip


def words(number: int) -> str:
    """A whole number below 10^15 in words (terbilang); raises ValueError outside 0 … 10^15 - 1."""
    if not 0 <= number < 10**15:
        raise ValueError(f"{number} is not spelled out")
    for scale, name in SCALES:
        if number >= scale:
            many = number // scale
            head = "seribu" if (scale, many) == (1000, 1) else f"{words(many)} {name}"
            return joined(head, number % scale)
    return hundreds(number)


def hundreds(number: int) -> str:
    """Below one thousand."""
    if number >= 200:
        return joined(f"{ONES[number // 100]} ratus", number % 100)
    if number >= 100:
        return joined("seratus", number % 100)
    if number >= 20:
        return joined(f"{ONES[number // 10]} puluh", number % 10)
    return ONES[number] if number < 12 else f"{ONES[number - 10]} belas"


def joined(head: str, rest: int) -> str:
    return head if rest == 0 else f"{head} {words(rest)}"


def ordinal(place: int) -> str:
    """KESATU for 1; in words up to any number a list of clauses can have."""
    return ORDINALS[place - 1] if place <= len(ORDINALS) else f"KE{words(place).upper()}"


def parsed(day: str) -> date:
    """The date of a session, "2018-01-23". A day its month does not have counts as the first; none at all as 1970's."""
    for told in (day, f"{day[:8]}01"):
        try:
            return date.fromisoformat(told)
        except ValueError:
            continue
    return date(1970, 1, 1)


def day_in_words(day: str) -> str:
    """hari Selasa tanggal dua puluh tiga bulan Januari tahun dua ribu delapan belas"""
    found = parsed(day)
    return (
        f"hari {DAYS[found.weekday()]} tanggal {words(found.day)} bulan {MONTHS[found.month - 1]} "
        f"tahun {words(found.year)}"
    )


def long_date(day: str) -> str:
    """23 Januari 2018"""
    found = parsed(day)
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def weekday(day: str) -> str:
    return DAYS[parsed(day).weekday()]


def local(at: int, tz: str) -> datetime:
    """at: milliseconds since 1970 UTC; tz: WIB, WITA or WIT."""
    zone = timezone(timedelta(hours=HOURS_AHEAD[tz]))
    return datetime.fromtimestamp(at // 1000, UTC).astimezone(zone)


def clock(at: int, tz: str) -> str:
    """09.05"""
    return local(at, tz).strftime("%H.%M")


def local_day(at: int, tz: str) -> str:
    """2018-01-23"""
    return local(at, tz).date().isoformat()


def moment(at: int, tz: str) -> str:
    """23 Januari 2018 pukul 09.05 WIB"""
    return f"{long_date(local_day(at, tz))} pukul {clock(at, tz)} {tz}"


def lasting(ms: int) -> str:
    """3 menit 20 detik; less than a second is 0 detik."""
    seconds = max(0, ms) // 1000
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    parts = ((hours, "jam"), (minutes, "menit"), (seconds % 60, "detik"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 detik"


def grouped(number: int) -> str:
    """1.451"""
    return f"{number:,}".replace(",", ".")


def rupiah(amount: int) -> str:
    """Rp74.000.000"""
    return f"Rp{grouped(amount)}"


def decimal(number: float) -> str:
    """1.234,5; at most four places, no trailing noughts."""
    whole, _, places = f"{number:,.4f}".partition(".")
    places = places.rstrip("0")
    return whole.replace(",", ".") + (f",{places}" if places else "")


def amount_in_words(amount: int) -> str:
    """Rp74.000.000 (tujuh puluh empat juta rupiah)"""
    return f"{rupiah(amount)} ({words(amount)} rupiah)" if amount < 10**15 else rupiah(amount)
