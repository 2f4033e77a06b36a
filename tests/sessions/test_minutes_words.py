"""Numbers and dates in words, checked by a reader written the other way round and by a library that is not ours."""

from __future__ import annotations

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

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

# As num2words 0.5.14 writes them; one of its own dependencies has no wheel, so the tests cannot ask it each time.
WRITTEN = (
    (0, "nol"),
    (5, "lima"),
    (10, "sepuluh"),
    (11, "sebelas"),
    (12, "dua belas"),
    (19, "sembilan belas"),
    (20, "dua puluh"),
    (21, "dua puluh satu"),
    (99, "sembilan puluh sembilan"),
    (100, "seratus"),
    (101, "seratus satu"),
    (110, "seratus sepuluh"),
    (111, "seratus sebelas"),
    (199, "seratus sembilan puluh sembilan"),
    (200, "dua ratus"),
    (331, "tiga ratus tiga puluh satu"),
    (970, "sembilan ratus tujuh puluh"),
    (999, "sembilan ratus sembilan puluh sembilan"),
    (1_000, "seribu"),
    (1_001, "seribu satu"),
    (1_011, "seribu sebelas"),
    (1_100, "seribu seratus"),
    (1_999, "seribu sembilan ratus sembilan puluh sembilan"),
    (2_000, "dua ribu"),
    (2_471, "dua ribu empat ratus tujuh puluh satu"),
    (6_328, "enam ribu tiga ratus dua puluh delapan"),
    (6_468, "enam ribu empat ratus enam puluh delapan"),
    (11_000, "sebelas ribu"),
    (21_500, "dua puluh satu ribu lima ratus"),
    (75_954, "tujuh puluh lima ribu sembilan ratus lima puluh empat"),
    (85_319, "delapan puluh lima ribu tiga ratus sembilan belas"),
    (100_000, "seratus ribu"),
    (111_111, "seratus sebelas ribu seratus sebelas"),
    (861_168, "delapan ratus enam puluh satu ribu seratus enam puluh delapan"),
    (999_999, "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan"),
    (1_000_000, "satu juta"),
    (1_579_240, "satu juta lima ratus tujuh puluh sembilan ribu dua ratus empat puluh"),
    (8_990_608, "delapan juta sembilan ratus sembilan puluh ribu enam ratus delapan"),
    (49_081_935, "empat puluh sembilan juta delapan puluh satu ribu sembilan ratus tiga puluh lima"),
    (62_275_869, "enam puluh dua juta dua ratus tujuh puluh lima ribu delapan ratus enam puluh sembilan"),
    (78_220_482, "tujuh puluh delapan juta dua ratus dua puluh ribu empat ratus delapan puluh dua"),
    (161_042_648, "seratus enam puluh satu juta empat puluh dua ribu enam ratus empat puluh delapan"),
    (976_787_301, "sembilan ratus tujuh puluh enam juta tujuh ratus delapan puluh tujuh ribu tiga ratus satu"),
    (1_000_000_000, "satu miliar"),
    (1_000_000_000_000, "satu triliun"),
)


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


@pytest.mark.parametrize(("number", "written"), WRITTEN)
def test_a_library_writes_the_same(number: int, written: str) -> None:
    assert words(number) == written


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
