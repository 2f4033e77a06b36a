"""Criteria sets as real musrenbang used them; `source` is a key of docs/sources.md, [I] marks what was inferred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sessions.model.scoring import Automatic, Band, CriteriaSet, Criterion


@dataclass(frozen=True, slots=True)
class CriteriaPreset:
    source: str
    criteria: CriteriaSet


DEFAULT = CriteriaPreset(
    "[I]",
    CriteriaSet(
        "Kriteria umum",
        "General criteria",
        (
            Criterion("urgency", "Mendesak dan keselamatan", "Urgency and safety", weight=30),
            Criterion("beneficiaries", "Penerima manfaat", "Beneficiaries", weight=25),
            Criterion("alignment", "Sesuai prioritas kota/RPJMD", "Match with city priorities", weight=15),
            Criterion(
                "readiness",
                "Kesiapan",
                "Readiness",
                weight=15,
                hint="Lahan, berkas, dan hasil survei",
                hint_en="Land, papers and survey",
            ),
            Criterion("vulnerable", "Manfaat bagi kelompok rentan", "Benefit to vulnerable groups", weight=15),
        ),
        preset="default",
    ),
)

# <10, 10–20, 21–30, 31–40, >40 households for infrastructure; <20, 20–40, 41–60, 61–80, >80 for every other field.
ASAHAN_HOUSEHOLDS = Automatic("households", (Band((10, 21, 31, 41), ("INFRASTRUKTUR",)), Band((20, 41, 61, 81))))

ASAHAN = CriteriaPreset(
    "R2; urgency [I]: the other criteria of its table are not public",
    CriteriaSet(
        "Kabupaten Asahan",
        "Asahan regency",
        (
            Criterion("benefit", "Manfaat/dampak", "Benefit", automatic=ASAHAN_HOUSEHOLDS),
            Criterion("urgency", "Mendesak", "Urgency"),
        ),
        preset="asahan",
    ),
)

YALIMO = CriteriaPreset(
    "R3",
    CriteriaSet(
        "Kabupaten Yalimo",
        "Yalimo regency",
        (
            Criterion("condition", "Kondisi saat ini", "Present condition", most=4),
            Criterion("need", "Tingkat kebutuhan/pemakaian", "Level of need or use", most=4),
            Criterion("impact", "Dampak", "Impact", most=4),
        ),
        preset="yalimo",
    ),
)

BOLMONG = CriteriaPreset(
    "P10",
    CriteriaSet(
        "Kabupaten Bolaang Mongondow",
        "Bolaang Mongondow regency",
        (
            Criterion(
                "kecamatan_rank",
                "Peringkat dan suara di kecamatan",
                "Rank and votes in the kecamatan",
                least=0,
                most=3,
                step=3,
            ),
            Criterion(
                "council", "Pokir didukung dua anggota DPRD", "Held by two council members", least=0, most=2, step=2
            ),
            Criterion(
                "agency_plan", "Sesuai rencana perangkat daerah", "Match with the agency's plan", least=0, most=1
            ),
            Criterion(
                "papers",
                "Berkas administrasi dan teknis lengkap",
                "Papers complete",
                most=2,
                factor=True,
                hint="1 belum lengkap, 2 lengkap",
                hint_en="1 not complete, 2 complete",
            ),
        ),
        method="sum",
        pass_mark=8,
        preset="bolmong",
    ),
)

LOW_TO_HIGH, LOW_TO_HIGH_EN = "1 sangat rendah … 5 sangat tinggi", "1 very low … 5 very high"

GUIDE = CriteriaPreset(
    "P12; the criteria are [I], to be replaced by the forum's own",
    CriteriaSet(
        "Panduan fasilitator",
        "Facilitator guide",
        (
            Criterion("need", "Kebutuhan", "Need", hint=LOW_TO_HIGH, hint_en=LOW_TO_HIGH_EN),
            Criterion("benefit", "Manfaat", "Benefit", hint=LOW_TO_HIGH, hint_en=LOW_TO_HIGH_EN),
            Criterion("feasibility", "Dapat dikerjakan", "Feasibility", hint=LOW_TO_HIGH, hint_en=LOW_TO_HIGH_EN),
        ),
        preset="guide",
    ),
)

SURAKARTA = CriteriaPreset(
    "R8",
    CriteriaSet(
        "Surakarta (DSS)",
        "Surakarta (DSS)",
        (
            Criterion("danger", "Tingkat bahaya", "Danger", most=10),
            Criterion(
                "social_impact",
                "Dampak sosial",
                "Social impact",
                most=10,
                hint="Perorangan → RT → RW/kelompok rentan → menyeluruh",
                hint_en="Person → RT → RW/vulnerable group → systemic",
            ),
            Criterion("budget_fit", "Sesuai anggaran", "Budget fit", most=10),
        ),
        preset="surakarta",
    ),
)

PRESETS: Mapping[str, CriteriaPreset] = {
    "default": DEFAULT,
    "asahan": ASAHAN,
    "yalimo": YALIMO,
    "bolmong": BOLMONG,
    "guide": GUIDE,
    "surakarta": SURAKARTA,
}
