"""Rules as real musrenbang had them, each as changes to the defaults; `source` is a key of docs/sources.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RulesPreset:
    """title: Indonesian and English. changes: section → field → value, as `rules.set` takes them."""

    title: tuple[str, str]
    source: str
    changes: Mapping[str, Mapping[str, Any]]


PRESETS: Mapping[str, RulesPreset] = {
    "musdes": RulesPreset(
        (
            "Musyawarah desa: mufakat lebih dulu, kuorum dua pertiga",
            "Village rules: consensus first, quorum two thirds",
        ),
        "P13, P14, P15",
        {
            "attendance": {"quorum_needed_for_ballots": True},
            "voting": {"consensus_first": True},
        },
    ),
    "rembug-warga": RulesPreset(
        ("Rembug warga RW (Semarang)", "Neighbourhood meeting of an RW (Semarang)"),
        "P1; quorum [I]",
        {
            "attendance": {"quorum_base": "present"},
            "scoring": {"own_area": "off"},
            "voting": {"consensus_first": True},
            "board": {"level": "RW_FORUM"},
        },
    ),
    "semarang-kelurahan": RulesPreset(
        ("Musrenbang kelurahan (Semarang)", "Kelurahan musrenbang (Semarang)"),
        "P2, P13; quorum [I]",
        {
            "attendance": {"quorum_needed_for_ballots": True},
            "scoring": {"own_area": "rw"},
            "voting": {"consensus_first": True},
            "board": {"level": "KELURAHAN"},
        },
    ),
    "bekasi-2018": RulesPreset(
        ("Telekonferensi dua belas kelurahan (Bekasi 2018)", "Teleconference of twelve kelurahan (Bekasi 2018)"),
        "S4, P26; order of the floor and weights [I]",
        {
            "floor": {"minutes": 5, "order": "fair", "by_hall": 2},
            "voting": {"weights": "hall_voting"},
            "board": {"level": "KELURAHAN"},
        },
    ),
    "jakarta-pusat-2024-kelompok": RulesPreset(
        ("Sidang kelompok: lima prioritas (Jakarta Pusat 2024)", "Group session: five priorities (Jakarta Pusat 2024)"),
        "S1, P13",
        {
            "funnel": {"main_per_session": 5, "next_level": 5, "next_level_per": "session"},
            "scoring": {"own_area": "rw"},
            "voting": {"consensus_first": True},
            "board": {"level": "KELURAHAN"},
        },
    ),
    # "Only five priorities from each kelurahan, becoming three at the kecamatan" is read here as three of each five;
    # next_level_per "session" is the other reading.
    "jakarta-pusat-2024": RulesPreset(
        ("Kecamatan: dari lima menjadi tiga (Jakarta Pusat 2024)", "Kecamatan: of five, three (Jakarta Pusat 2024)"),
        "S1, P13",
        {
            "funnel": {"main_per_hall": 5, "next_level": 3, "next_level_per": "hall"},
            "voting": {"consensus_first": True},
            "board": {"level": "KECAMATAN"},
        },
    ),
    "kecamatan": RulesPreset(
        ("Musrenbang kecamatan", "Kecamatan musrenbang"),
        "P8, P13, P14, R2",
        {
            "attendance": {"quorum_needed_for_ballots": True},
            "voting": {"consensus_first": True, "weights": "hall_voting"},
            "board": {"level": "KECAMATAN"},
        },
    ),
    "kota-jambi-2019": RulesPreset(
        ("Musrenbang kota dengan gelar wicara (Jambi 2019)", "City musrenbang with a talk-show (Jambi 2019)"),
        "S0; quorum [I]",
        {
            "attendance": {"quorum_base": "present"},
            "floor": {"order": "fair", "panel_most": 4},
            "board": {"level": "CITY"},
        },
    ),
    "asahan": RulesPreset(
        ("Kabupaten Asahan: skor manfaat, seri kembali ke forum", "Asahan regency: scores, ties back to the forum"),
        "R2",
        {
            "scoring": {"criteria": "asahan"},
            "funnel": {"ties_to_forum": True},
            "record": {"representatives": 10},
            "board": {"level": "KECAMATAN"},
        },
    ),
    "yalimo": RulesPreset(
        ("Kabupaten Yalimo: dua utama, satu cadangan per kampung", "Yalimo regency: two main, one reserve a village"),
        "R3",
        {
            "funnel": {"main_per_hall": 2, "reserve_per_hall": 1},
            "scoring": {"criteria": "yalimo"},
            "delegates": {"total": 10},
            "record": {
                "clauses": [
                    "Pekerjaan fisik dibatalkan bila lahannya milik pribadi, bersengketa, milik instansi lain, atau "
                    "prasarana, sarana, dan utilitasnya belum diserahkan kepada pemerintah daerah.",
                    "Barang dan hibah hanya diberikan kepada penerima yang berbadan hukum dan melengkapi berkasnya "
                    "sampai batas waktu yang ditetapkan.",
                ]
            },
            "board": {"level": "KECAMATAN"},
        },
    ),
    "bolmong-2019": RulesPreset(
        ("Kabupaten Bolaang Mongondow: dua belas besar", "Bolaang Mongondow regency: the top twelve"),
        "P10",
        {
            "funnel": {"main_per_session": 12},
            "scoring": {"criteria": "bolmong"},
            "board": {"level": "CITY"},
        },
    ),
    "malang": RulesPreset(
        ("Kabupaten Malang: lima persen di luar infrastruktur", "Malang regency: five percent outside infrastructure"),
        "P29",
        {
            "funnel": {
                "main_per_hall": 2,
                "shares": [
                    {
                        "name": "Paling sedikit 5% di luar infrastruktur",
                        "dimension": "field",
                        "values": ["SOSIAL_BUDAYA", "EKONOMI", "PERTANIAN", "LAINNYA"],
                        "of": "amount",
                        "scope": "hall",
                        "least": {"part": 5, "of": 100},
                    }
                ],
            },
            "board": {"level": "KELURAHAN"},
        },
    ),
}
