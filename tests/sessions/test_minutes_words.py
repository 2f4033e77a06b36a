"""Numbers and dates in words, checked by a reader written the other way round and by a library that is not ours."""

from __future__ import annotations

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from num2words import num2words

from sessions.minutes_words import (
    amount_in_words,
    clock,
    day_in_words,
    decimal,
    lasting,
    long_date,
    moment,
    ordinal,
    rupiah,
    words,
)

NUMBERS = st.one_of(st.integers(0, 2000), st.integers(0, 10**15 - 1), st.integers(0, 14).map(lambda n: 10**n))
UNITS = {word: at for at, word in enumerate("nol satu dua tiga empat lima enam tujuh delapan sembilan".split())}
SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def read(text: str) -> int:
    """What a clerk reads off the words, from left to right."""
    total = group = last = 0
    for word in text.split():
        if word in UNITS:
            last = UNITS[word]
        elif word == "sepuluh":
            last = 10
        elif word == "sebelas":
            last = 11
        elif word == "belas":
            last += 10
        elif word == "puluh":
            group, last = group + last * 10, 0
        elif word == "ratus":
            group, last = group + last * 100, 0
        elif word == "seratus":
            group += 100
        elif word == "seribu":
            total += 1000
        else:
            total, group, last = total + (group + last) * SCALES[word], 0, 0
    return total + group + last


@examples(NUMBERS)
def test_what_is_written_reads_back_as_the_same_number(number: int) -> None:
    assert read(words(number)) == number


@examples(st.sets(st.integers(0, 10**15 - 1), min_size=2, max_size=20))
def test_no_two_numbers_are_written_alike(numbers: set[int]) -> None:
    assert len({words(number) for number in numbers}) == len(numbers)


@examples(NUMBERS)
def test_a_library_writes_the_same(number: int) -> None:
    assert words(number) == num2words(number, lang="id").replace("  ", " ").strip()


def test_the_words_of_common_numbers() -> None:
    assert words(0) == "nol"
    assert words(11) == "sebelas"
    assert words(1000) == "seribu"
    assert words(1100) == "seribu seratus"
    assert words(74_000_000) == "tujuh puluh empat juta"
    assert words(1_001_000) == "satu juta seribu"
    for number in (-1, 10**15):
        with pytest.raises(ValueError, match="not spelled out"):
            words(number)


def test_dates_and_times_are_those_of_the_place() -> None:
    assert day_in_words("2018-01-23") == (
        "hari Selasa tanggal dua puluh tiga bulan Januari tahun dua ribu delapan belas"
    )
    assert long_date("2024-02-05") == "5 Februari 2024"
    assert long_date("2023-02-31") == "1 Februari 2023", "a day the month does not have"
    midnight = 1_516_640_399_000  # 2018-01-22 16:59:59 UTC
    assert (clock(midnight, "WIB"), clock(midnight, "WITA"), clock(midnight, "WIT")) == ("23.59", "00.59", "01.59")
    assert moment(midnight, "WIT") == "23 Januari 2018 pukul 01.59 WIT"
    assert moment(midnight, "WIB") == "22 Januari 2018 pukul 23.59 WIB"


def test_lengths_money_and_volumes() -> None:
    assert [lasting(ms) for ms in (0, 999, 61_000, 3_600_000, 3_723_999)] == [
        "0 detik",
        "0 detik",
        "1 menit 1 detik",
        "1 jam",
        "1 jam 2 menit 3 detik",
    ]
    assert rupiah(74_000_000) == "Rp74.000.000"
    assert amount_in_words(1_500) == "Rp1.500 (seribu lima ratus rupiah)"
    assert amount_in_words(10**15) == "Rp1.000.000.000.000.000", "too long to be read"
    assert [decimal(number) for number in (50.0, 1234.5, 0.25, 1_000_000.0)] == ["50", "1.234,5", "0,25", "1.000.000"]


def test_clauses_are_numbered_in_words_however_many_there_are() -> None:
    found = [ordinal(place) for place in range(1, 45)]
    assert found[:4] == ["KESATU", "KEDUA", "KETIGA", "KEEMPAT"]
    assert found[10] == "KESEBELAS" and found[20] == "KEDUA PULUH SATU"
    assert len(set(found)) == len(found)
