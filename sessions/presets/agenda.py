"""Agendas as real musrenbang had them; `source` is a key of docs/sources.md.

Where the source gives an order but no minutes, the minutes are an estimate and `timed` is False.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class TemplateItem(NamedTuple):
    """speaker: whom to expect. each_hall: once for every hall of the session, in its order."""

    kind: str
    title: str
    minutes: int
    speaker: str = ""
    each_hall: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """title: Indonesian and English. level and form as `session.create` takes them."""

    title: tuple[str, str]
    source: str
    level: str
    form: str
    timed: bool
    items: tuple[TemplateItem, ...]


Item = TemplateItem

REMBUG_WARGA = Template(
    ("Rembug warga (Semarang, 135 menit)", "Neighbourhood meeting (Semarang, 135 minutes)"),
    "P1",
    "RW_FORUM",
    "PLENARY",
    True,
    (
        Item("OPENING", "Pembukaan", 5, "Ketua RW"),
        Item("ADDRESS", "Pengarahan tim fasilitasi", 10, "Tim fasilitasi"),
        Item("GROUP_WORK", "Identifikasi dan kesepakatan potensi lokal", 30, "Tim fasilitasi"),
        Item("PROPOSAL_REVIEW", "Pembahasan daftar usulan", 45, "Peserta"),
        Item("SCORING", "Penetapan daftar prioritas RW", 30, "Peserta"),
        Item("READ_DRAFT", "Perumusan hasil dan pengisian formulir", 10, "Notulis"),
        Item("DELEGATE_ELECTION", "Pemilihan delegasi", 5, "Peserta"),
    ),
)
SEMARANG_KELURAHAN = Template(
    ("Musrenbang kelurahan (Semarang, 95 menit)", "Kelurahan musrenbang (Semarang, 95 minutes)"),
    "P2",
    "KELURAHAN",
    "PLENARY",
    True,
    (
        Item("OPENING", "Pembukaan", 5, "Lurah atau panitia"),
        Item("ADDRESS", "Pengarahan camat", 5, "Camat"),
        Item("PRESENTATION", "Paparan Bappeda", 5, "Bappeda"),
        Item("PRESENTATION", "Paparan prioritas kelurahan", 10, "Lurah"),
        Item("PROPOSAL_REVIEW", "Pembahasan daftar panjang usulan", 20, "Peserta"),
        Item("PROPOSAL_REVIEW", "Prasarana lingkungan dengan dana kelurahan", 10, "Peserta"),
        Item("PROPOSAL_REVIEW", "Prasarana lingkungan lewat fasilitasi kecamatan", 10, "Peserta"),
        Item("PROPOSAL_REVIEW", "Prasarana perangkat daerah teknis", 10, "Perangkat daerah"),
        Item("PROPOSAL_REVIEW", "Usulan sosial, budaya, dan ekonomi", 10, "Peserta"),
        Item("DELEGATE_ELECTION", "Pemilihan delegasi ke kecamatan", 5, "Peserta"),
        Item("SIGNING", "Penandatanganan berita acara", 5, "Pimpinan sidang dan wakil peserta"),
    ),
)
KECAMATAN = Template(
    ("Musrenbang kecamatan", "Kecamatan musrenbang"),
    "S1, P8, P18, R2",
    "KECAMATAN",
    "PLENARY",
    True,
    (
        Item("REGISTRATION", "Registrasi dan pemeriksaan perangkat", 30, "Operator aula"),
        Item("OPENING", "Pembukaan, Indonesia Raya, dan doa", 10, "Pembawa acara"),
        Item("REPORT", "Laporan camat", 10, "Camat"),
        Item("ADDRESS", "Sambutan pembukaan wakil wali kota atau bupati", 10, "Wakil wali kota atau bupati"),
        Item("PRESENTATION", "Prioritas kota dan pagu indikatif", 15, "Bappeda"),
        Item("COUNCIL_IDEAS", "Pokok-pokok pikiran DPRD", 10, "DPRD daerah pemilihan"),
        Item("RULES_QUORUM", "Tata tertib dan pernyataan kuorum", 5, "Pimpinan sidang"),
        Item("GROUP_WORK", "Sidang kelompok per bidang atau kelurahan", 60, "Pemandu kelompok"),
        Item("GROUP_REPORT", "Paparan kelompok dan jawaban", 10, "Juru bicara kelompok", each_hall=True),
        Item("AGENCY_RESPONSE", "Tanggapan dan koreksi perangkat daerah", 30, "Perangkat daerah"),
        Item("SCORING", "Penilaian atau pemungutan suara", 20, "Pemilik hak suara"),
        Item("READ_DRAFT", "Pembacaan rancangan berita acara dan koreksi", 10, "Notulis"),
        Item("DELEGATE_ELECTION", "Pemilihan delegasi", 10, "Peserta"),
        Item("SIGNING", "Penandatanganan berita acara", 10, "Pimpinan sidang dan wakil peserta"),
        Item("CLOSING", "Penutupan dan doa", 5, "Camat"),
    ),
)
JAKARTA_PUSAT_OPENING = Template(
    ("Jakarta Pusat 1: sidang pleno pembuka", "Jakarta Pusat 1: opening plenary"),
    "S1",
    "CITY",
    "PLENARY_OPEN",
    False,
    (
        Item("REGISTRATION", "Registrasi dan pemeriksaan perangkat aula kecamatan", 30, "Operator aula"),
        Item("ANTHEM", "Indonesia Raya", 5, "Pembawa acara"),
        Item("PRAYER", "Doa", 5, "Pembawa acara"),
        Item("REPORT", "Laporan Kepala Subanppeko", 15, "Kepala Subanppeko"),
        Item("OPENING", "Pembukaan oleh wali kota", 15, "Wali kota"),
        Item("ADDRESS", "Pengarahan", 20, "Wali kota"),
        Item("RULES_QUORUM", "Tata tertib dan jadwal sidang kelompok", 10, "Pimpinan sidang"),
        Item("CLOSING", "Penutupan sidang pleno pembuka", 5, "Pembawa acara"),
    ),
)
JAKARTA_PUSAT_GROUP = Template(
    ("Jakarta Pusat 2: sidang kelompok di kelurahan", "Jakarta Pusat 2: group session of a kelurahan"),
    "S1",
    "KELURAHAN",
    "GROUP",
    False,
    (
        Item("OPENING", "Pembukaan", 5, "Lurah"),
        Item("RULES_QUORUM", "Tata tertib dan kuorum", 5, "Pimpinan sidang"),
        Item("REPORT", "Hasil rembuk RW", 15, "Lurah"),
        Item("AGENCY_RESPONSE", "Hasil survei usulan fisik", 30, "UKPD"),
        Item("PROPOSAL_REVIEW", "Pembahasan usulan", 60, "Ketua RW dan peserta"),
        Item("VOTE", "Penetapan lima prioritas", 20, "Pemilik hak suara"),
        Item("DELEGATE_ELECTION", "Pemilihan delegasi ke kecamatan", 10, "Peserta"),
        Item("READ_DRAFT", "Pembacaan rancangan berita acara", 10, "Notulis"),
        Item("SIGNING", "Penandatanganan berita acara", 10, "Pimpinan sidang dan wakil peserta"),
        Item("CLOSING", "Penutupan", 5, "Lurah"),
    ),
)
JAKARTA_PUSAT_KECAMATAN = Template(
    ("Jakarta Pusat 3: musrenbang kecamatan", "Jakarta Pusat 3: kecamatan musrenbang"),
    "S1",
    "KECAMATAN",
    "PLENARY",
    False,
    (
        Item("REGISTRATION", "Registrasi dan pemeriksaan perangkat", 15, "Operator aula"),
        Item("OPENING", "Pembukaan dan doa", 10, "Camat"),
        Item("RULES_QUORUM", "Tata tertib dan kuorum", 5, "Pimpinan sidang"),
        Item("GROUP_REPORT", "Paparan lima prioritas", 5, "Lurah", each_hall=True),
        Item("AGENCY_RESPONSE", "Tanggapan UKPD", 30, "UKPD"),
        Item("PROPOSAL_REVIEW", "Pembahasan usulan kecamatan", 45, "Peserta"),
        Item("VOTE", "Penetapan tiga prioritas", 20, "Pemilik hak suara"),
        Item("READ_DRAFT", "Pembacaan rancangan berita acara", 10, "Notulis"),
        Item("SIGNING", "Penandatanganan berita acara", 10, "Pimpinan sidang dan wakil peserta"),
        Item("CLOSING", "Penutupan", 5, "Camat"),
    ),
)
JAKARTA_PUSAT_CLOSING = Template(
    ("Jakarta Pusat 4: sidang pleno penutup", "Jakarta Pusat 4: closing plenary"),
    "S1, P18, P19",
    "KECAMATAN",
    "PLENARY_CLOSE",
    False,
    (
        Item("OPENING", "Pembukaan dan doa", 10, "Pembawa acara"),
        Item("REPORT", "Laporan hasil: jumlah, status, kelurahan, perangkat daerah, jenis", 20, "Camat"),
        Item("PRESENTATION", "Usulan yang tidak diakomodir dan alasannya", 15, "Bappeda"),
        Item("AGENCY_RESPONSE", "Tanggapan UKPD", 15, "UKPD"),
        Item("ADDRESS", "Pengarahan penutup", 15, "Wali kota"),
        Item("READ_DRAFT", "Pembacaan rancangan berita acara", 10, "Notulis"),
        Item("SIGNING", "Penandatanganan berita acara", 10, "Pimpinan sidang dan wakil peserta"),
        Item("CLOSING", "Penutupan dan doa", 5, "Pembawa acara"),
    ),
)
BEKASI = Template(
    ("Telekonferensi kelurahan (Bekasi 2018)", "Kelurahan teleconference (Bekasi 2018)"),
    "S4, P26",
    "KELURAHAN",
    "PLENARY",
    False,
    (
        Item("REGISTRATION", "Registrasi dan pemeriksaan perangkat aula", 30, "Operator aula"),
        Item("OPENING", "Pembukaan oleh Kepala Bappeda", 10, "Kepala Bappeda"),
        Item("RULES_QUORUM", "Tata tertib dan kuorum", 5, "Pimpinan sidang"),
        Item("GROUP_REPORT", "Paparan kebutuhan", 5, "Lurah", each_hall=True),
        Item("AGENCY_RESPONSE", "Jawaban perangkat daerah", 30, "Perangkat daerah"),
        Item("COUNCIL_IDEAS", "Jawaban dan pokok-pokok pikiran DPRD", 10, "DPRD"),
        Item("PROPOSAL_REVIEW", "Urgensi dan tingkat penanganan usulan", 30, "Ketua RT dan RW"),
        Item("VOTE", "Pemungutan suara usulan prioritas", 10, "Pemilik hak suara"),
        Item("READ_DRAFT", "Pembacaan rancangan berita acara", 10, "Notulis"),
        Item("CLOSING", "Penutupan dan doa", 5, "Kepala Bappeda"),
    ),
)
JAMBI = Template(
    ("Musrenbang kota dengan gelar wicara (Jambi 2019)", "City musrenbang with a talk-show (Jambi 2019)"),
    "S0",
    "CITY",
    "PLENARY",
    False,
    (
        Item("REGISTRATION", "Registrasi peserta", 60, "Panitia"),
        Item("ANTHEM", "Indonesia Raya", 5, "Pembawa acara"),
        Item("PRAYER", "Doa", 5, "Pembawa acara"),
        Item("REPORT", "Laporan Kepala Bappeda", 15, "Plt. Kepala Bappeda"),
        Item("PRESENTATION", "Paparan Bappeda provinsi", 20, "Bappeda provinsi"),
        Item("TALKSHOW", "Gelar wicara bersama wali kota", 60, "Akademisi, wali kota, dan narasumber"),
        Item("QA", "Tanya jawab", 20, "Peserta"),
        Item("PRESENTATION", "Sasaran pembangunan", 15, "Wali kota"),
        Item("READ_DRAFT", "Pembacaan rancangan berita acara", 10, "Notulis"),
        Item("SIGNING", "Penandatanganan Berita Acara Kesepakatan", 15, "Wakil OPD, masyarakat, dan pemerintah"),
        Item("CLOSING", "Penutupan", 5, "Pembawa acara"),
    ),
)
GRESIK = Template(
    ("Musrenbang kabupaten siaran langsung (Gresik 2020)", "Live-streamed regency musrenbang (Gresik 2020)"),
    "P27",
    "CITY",
    "PLENARY",
    False,
    (
        Item("OPENING", "Pembukaan oleh pembawa acara", 5, "Pembawa acara"),
        Item("ANTHEM", "Indonesia Raya", 5, "Pembawa acara"),
        Item("PRAYER", "Doa", 5, "Pembawa acara"),
        Item("ADDRESS", "Sambutan Bappeda provinsi dari kantornya", 20, "Bappeda provinsi"),
        Item("ADDRESS", "Sambutan Bappeda kabupaten", 20, "Bappeda kabupaten"),
        Item("OPENING", "Pembukaan resmi oleh bupati", 20, "Bupati"),
        Item("COUNCIL_IDEAS", "Pokok-pokok pikiran DPRD", 20, "DPRD"),
        Item("PRESENTATION", "Pernyataan komunitas anak dan perempuan", 20, "Forum Anak dan komunitas perempuan"),
        Item("QA", "Pertanyaan peserta lewat obrolan", 25, "Peserta"),
        Item("CLOSING", "Penutupan", 5, "Pembawa acara"),
    ),
)

TEMPLATES: Mapping[str, Template] = {
    "rembug-warga": REMBUG_WARGA,
    "semarang-kelurahan": SEMARANG_KELURAHAN,
    "kecamatan": KECAMATAN,
    "jakarta-pusat-pembuka": JAKARTA_PUSAT_OPENING,
    "jakarta-pusat-kelompok": JAKARTA_PUSAT_GROUP,
    "jakarta-pusat-kecamatan": JAKARTA_PUSAT_KECAMATAN,
    "jakarta-pusat-penutup": JAKARTA_PUSAT_CLOSING,
    "bekasi": BEKASI,
    "jambi": JAMBI,
    "gresik": GRESIK,
}
