"""What the demonstration plenary consists of: twelve real halls, their seats, the agenda, and made-up proposals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.interchange.sipd import drafts

SESSION = "bekasi-2018"
PLAN_YEAR = 2019
PROPOSALS = Path(__file__).with_name("usulan-bekasi.csv")

CREATED = {
    "title": "Musrenbang Virtual Kota Bekasi: sidang pertama",
    "kind": "plenary",
    "place": "Bappeda Kota Bekasi dan dua belas aula kelurahan",
    "date": "2018-01-23",
    "tz": "WIB",
}

# One kelurahan from each of the city's twelve kecamatan sat together on 23 January 2018.
HALLS = (
    ("Pejuang", "Medansatria"),
    ("Bintara Jaya", "Bekasi Barat"),
    ("Aren Jaya", "Bekasi Timur"),
    ("Kayuringin Jaya", "Bekasi Selatan"),
    ("Kaliabang Tengah", "Bekasi Utara"),
    ("Jatirahayu", "Pondokmelati"),
    ("Jatiwaringin", "Pondokgede"),
    ("Jatiranggon", "Jatisampurna"),
    ("Bantargebang", "Bantargebang"),
    ("Bojong Menteng", "Rawalumbu"),
    ("Mustikajaya", "Mustikajaya"),
    ("Jatiasih", "Jatiasih"),
)

# Twenty a hall: the heads of fourteen RW, and those who speak for more than a neighbourhood.
OFFICES = (
    *((f"rw-{number:02}", f"Ketua RW {number:02}") for number in range(1, 15)),
    ("lpm", "Ketua LPM"),
    ("pkk", "Ketua TP PKK"),
    ("karang-taruna", "Ketua Karang Taruna"),
    ("forum-anak", "Wakil Forum Anak"),
    ("difabel", "Wakil penyandang disabilitas"),
    ("tokoh", "Tokoh masyarakat"),
)
SPEAKS_FOR = {
    "lpm": "LMK",
    "pkk": "WOMEN",
    "karang-taruna": "YOUTH",
    "forum-anak": "CHILDREN",
    "difabel": "DISABILITY",
    "tokoh": "COMMUNITY",
}


# The first of them has a card: most of what was proposed goes to it.
AGENCY = "Dinas Bina Marga dan Sumber Daya Air"
ANSWERING = f"{AGENCY}; Dinas Perumahan, Permukiman dan Pertanahan; Dinas Pendidikan"


@dataclass(frozen=True, slots=True)
class DemoHall:
    id: str
    name: str
    kecamatan: str


@dataclass(frozen=True, slots=True)
class DemoSeat:
    id: str
    hall: str
    office: str
    label: str
    constituency: str
    rw: str


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def halls() -> list[DemoHall]:
    return [DemoHall(slug(name), name, kecamatan) for name, kecamatan in HALLS]


def seats() -> list[DemoSeat]:
    return [
        DemoSeat(
            id=f"{hall.id}-{key}",
            hall=hall.id,
            office=office,
            label=f"{hall.name} · {office}",
            constituency=SPEAKS_FOR.get(key, "RW"),
            rw="" if key in SPEAKS_FOR else key.removeprefix("rw-"),
        )
        for hall in halls()
        for key, office in OFFICES
    ]


def agenda() -> list[dict[str, Any]]:
    """The order of that day: opening by Bappeda, each kelurahan by video, answers, priorities by vote, closing."""
    before = [
        ("perangkat", "Registrasi dan pemeriksaan perangkat aula", "REGISTRATION", 30, "Operator aula"),
        ("pembukaan", "Pembukaan oleh Kepala Bappeda", "OPENING", 10, "Kepala Bappeda"),
        ("tatib", "Tata tertib dan kuorum", "RULES_QUORUM", 5, "Pimpinan sidang"),
    ]
    after = [
        ("tanggapan", "Tanggapan perangkat daerah", "AGENCY_RESPONSE", 30, ANSWERING),
        ("dprd", "Pokok-pokok pikiran DPRD", "COUNCIL_IDEAS", 10, "DPRD Kota Bekasi"),
        ("pembahasan", "Pembahasan papan usulan", "PROPOSAL_REVIEW", 30, "Pimpinan sidang"),
        ("suara", "Pemungutan suara usulan prioritas", "VOTE", 10, "Pimpinan sidang"),
        ("berita-acara", "Pembacaan rancangan Berita Acara", "READ_DRAFT", 10, "Sekretaris sidang"),
        ("penutup", "Penutupan dan doa", "CLOSING", 5, "Kepala Bappeda"),
    ]
    return [*map(item, before), *map(report, halls()), *map(item, after)]


def item(told: tuple[str, str, str, int, str]) -> dict[str, Any]:
    return dict(zip(("item", "title", "kind", "minutes", "speaker"), told, strict=True))


def report(hall: DemoHall) -> dict[str, Any]:
    title = f"Paparan kebutuhan {hall.name}"
    told = item((f"paparan-{hall.id}", title, "GROUP_REPORT", 5, f"Lurah {hall.name}"))
    return {**told, "hall": hall.id}


def proposals() -> Iterator[dict[str, Any]]:
    """Drafts for `proposals.import` from a table in the column order of the SIPD export."""
    hall_of = {hall.name.replace(" ", "").lower(): hall.id for hall in halls()}
    with PROPOSALS.open(newline="", encoding="utf-8") as file:
        yield from drafts(file, lambda row: hall_of[row["kelurahan"].replace(" ", "").lower()], PLAN_YEAR)
