"""What the pages for anybody say, in Indonesian and English, and how they write numbers, money, dates and times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

from server.pages import shared_words
from sessions.minutes_words import DAYS, HOURS_AHEAD, MONTHS, parsed

INDONESIAN, ENGLISH = LANGUAGES = ("id", "en")
DAYS_OF = {
    "id": DAYS,
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS_OF = {
    "id": MONTHS,
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}

ID: Mapping[str, str] = {
    "skip": "Langsung ke isi",
    "nav": "Bagian",
    "nav.live": "Sidang",
    "nav.results": "Hasil",
    "nav.fates": "Nasib usulan",
    "nav.check": "Periksa tanda terima",
    "other": "English",
    "footer": "Data wilayah: Open Database License. Halaman ini dapat dicetak dan dibaca tanpa skrip.",
    "rehearsal": "Ini gladi. Hasilnya tidak mengikat.",
    "phase.draft": "Sidang belum dibuka",
    "phase.lobby": "Sidang segera dimulai",
    "phase.open": "Sidang sedang berlangsung",
    "phase.recess": "Sidang diskors",
    "phase.closed": "Sidang sudah ditutup",
    "phase.sealed": "Sidang selesai dan disahkan",
    "results.title": "Hasil",
    "results.lead.going": "Sidang masih berjalan: angka di halaman ini masih dapat berubah.",
    "results.lead.closed": "Sidang sudah ditutup. Berita Acara masih draf.",
    "results.lead.sealed": "Semua hasil di halaman ini sudah disahkan dalam Berita Acara.",
    "sum.proposals": "usulan",
    "sum.agreed": "disepakati",
    "sum.not": "tidak disepakati",
    "sum.present": "hadir dari {n} undangan",
    "ballots": "Hasil pemungutan suara",
    "ballots.none": "Belum ada pemungutan suara yang selesai.",
    "ballots.open": "Sedang dipilih: “{title}”. Hasilnya muncul setelah ditutup.",
    "ballots.void": "Dibatalkan: {reason}",
    "ballots.cast": "{cast} suara dari {of} pemilih, {blank} kosong",
    "ballots.secret": "rahasia",
    "ballots.public": "terbuka",
    "ballots.proof": "Berkas hasil untuk pemeriksa",
    "ballots.root": "Sidik akar",
    "consensus": "Keputusan mufakat",
    "consensus.agreed": "Mufakat",
    "consensus.not_agreed": "Tidak tercapai mufakat",
    "notfunded": "Disepakati di pleno belum berarti sudah dianggarkan. Keputusan terakhir ada di RKPD dan APBD.",
    "halls": "Nasib usulan per kelurahan",
    "halls.hall": "Kelurahan",
    "halls.all": "Usulan",
    "halls.agreed": "Sepakat",
    "halls.reserve": "Cadangan",
    "halls.not": "Tidak",
    "halls.open": "Belum",
    "halls.sum": "Jumlah",
    "halls.note": "Belum: belum diputuskan, atau digabung ke usulan lain.",
    "not": "Tidak disepakati, dengan alasan",
    "not.none": "Tidak ada usulan yang ditolak.",
    "not.all": "Lihat {n} usulan yang tidak disepakati",
    "check": "Periksa tanda terima",
    "check.label": "Kode dari ponsel Anda",
    "check.hint": "Kode lengkap (32 angka dan huruf), atau 12 yang pertama.",
    "check.go": "Periksa",
    "check.privacy": "Kami hanya memberi tahu bahwa suara itu ikut dihitung, tidak pernah apa isinya.",
    "check.found": "Kode ini ada di daftar suara “{title}”. Suara itu ikut dihitung.",
    "check.void": "Kode ini ada di daftar suara “{title}”, tetapi pemungutan itu dibatalkan.",
    "check.missing": "Kode ini tidak ada di daftar suara yang sudah ditutup.",
    "check.missing.text": "Periksa lagi kodenya, angka demi angka.",
    "check.early": "Kode ini belum ada di daftar suara yang sudah terbit.",
    "check.early.text": "Pemungutan “{title}” masih berjalan: daftar kodenya terbit setelah ditutup.",
    "check.short": "Masukkan 12 sampai 32 angka dan huruf a sampai f.",
    "check.slip": "Yang tampak seperti huruf O, I, atau l mungkin angka 0 atau 1.",
    "check.later": "Daftar suara belum dapat diambil. Coba lagi sebentar lagi.",
    "documents": "Dokumen",
    "documents.later": "Berita Acara dapat dibaca siapa saja setelah sidang ditutup.",
    "documents.html": "Berita Acara (baca di peramban)",
    "documents.pdf": "Berita Acara (PDF, dapat dibaca pembaca layar)",
    "documents.draft": "Draf: belum disetujui forum, isinya masih dapat berubah.",
    "fates.title": "Nasib usulan",
    "fates.lead": "{n} usulan. Setiap usulan yang tidak disepakati disertai alasannya.",
    "fates.found": "{n} dari {of} usulan",
    "fates.page": "Halaman {page} dari {of}",
    "fates.before": "Sebelumnya",
    "fates.after": "Berikutnya",
    "fates.all": "Semua dalam satu halaman, untuk dicetak",
    "fates.none": "Tidak ada usulan yang cocok.",
    "fates.none.text": "Ubah kata yang dicari, atau tampilkan semua kelurahan dan semua nasib.",
    "fates.empty": "Belum ada usulan di papan.",
    "fates.map": "Lihat di peta (perlu JavaScript)",
    "filter": "Cari usulan",
    "filter.q": "Kata di judul, misalnya RT 12/RW 02",
    "filter.hall": "Kelurahan",
    "filter.fate": "Nasib",
    "filter.every": "Semua",
    "filter.go": "Tampilkan",
    "fate.agreed": "Disepakati",
    "fate.reserve": "Cadangan",
    "fate.not": "Tidak disepakati",
    "fate.merged": "Digabung",
    "fate.open": "Belum diputuskan",
    "next.agreed": "Dicatat dalam Berita Acara dan dibawa ke tingkat berikutnya.",
    "next.reserve": "Naik bila ada usulan terpilih yang batal.",
    "next.open": "Sidang belum memutuskan usulan ini.",
    "next.merged": "Dibahas sebagai satu usulan: {title}",
    "why": "Alasan",
    "why.none": "Alasannya tidak tercatat. Tanyakan kepada sekretariat musrenbang.",
    "why.open": "Belum diputuskan sidang.",
    "proposal.number": "Usulan {number}",
    "proposal.kelurahan": "Kelurahan {name}",
    "proposal.now": "Nasib saat ini",
    "proposal.way": "Perjalanan usulan",
    "proposal.notes": "Catatan keputusan",
    "proposal.data": "Data usulan",
    "proposal.amount": "Biaya",
    "proposal.amount.none": "belum diisi",
    "proposal.volume": "Volume",
    "proposal.households": "Manfaat",
    "proposal.kk": "{n} KK",
    "proposal.urgency": "Urgensi",
    "proposal.land": "Lahan",
    "proposal.type": "Jenis",
    "proposal.rw": "RW",
    "proposal.agency": "Perangkat daerah",
    "proposal.follow": "Ikuti usulan ini",
    "proposal.follow.text": "Pindai untuk membuka halaman ini lagi. Cocok ditempel di pos RW.",
    "proposal.qr": "Kode QR ke halaman usulan ini",
    "proposal.photos": "Foto",
    "proposal.photo": "Foto {n} dari usulan ini",
    "proposal.back": "Semua usulan",
    "way.carried": "Dibawa dari tahun sebelumnya",
    "way.submitted": "Diajukan",
    "way.here": "Sidang ini",
    "way.group": "Sedang dibahas di sidang kelompok",
    "way.sent": "Sudah dikirim, menunggu keputusan tingkat berikutnya",
    "way.waiting": "menunggu",
    "note.budget": "Belum ada keputusan anggaran",
    "note.survey": "Jawaban perangkat daerah",
    "note.amount": "Biaya {amount}.",
    "note.volume": "Volume {volume}.",
    "decision.ACCEPTED": "Disepakati",
    "decision.ACCEPTED_WITH_CHANGES": "Disepakati dengan perubahan",
    "decision.REJECTED": "Tidak disepakati",
    "decision.POSTPONED": "Ditunda",
    "decision.NOTED": "Rekomendasi",
    "survey.BELUM": "Belum disurvei",
    "survey.DIJADWALKAN": "Survei dijadwalkan",
    "survey.SUDAH": "Sudah disurvei",
    "survey.TIDAK_PERLU": "Survei tidak diperlukan",
    "level.RW_FORUM": "Rembuk RW",
    "level.KELURAHAN": "Kelurahan",
    "level.KECAMATAN": "Kecamatan",
    "level.AGENCY_FORUM": "Forum perangkat daerah",
    "level.PLANNING_OFFICE": "Bappeda",
    "level.CITY": "Kota",
    "level.BUDGET_TEAM": "TAPD",
    "error.session": "Sidang ini tidak ditemukan.",
    "error.session.text": "Periksa alamatnya, atau minta tautan baru kepada penyelenggara.",
    "error.proposal": "Usulan ini tidak ada di papan.",
    "error.proposal.text": "Mungkin sudah ditarik pengusulnya. Semua usulan ada di daftar.",
    "error.page": "Halaman ini tidak ada.",
    "error.page.text": "Hasil sidang dan semua usulan dapat dibuka dari sini.",
    "error.held": "Data belum dapat dibaca.",
    "error.held.text": "Tidak ada yang hilang. Muat ulang halaman ini sebentar lagi.",
    "error.busy": "Terlalu banyak pencarian dari jaringan ini.",
    "error.busy.text": "Tunggu beberapa detik, lalu cari lagi. Daftar dan saringannya tetap terbuka.",
    "error.input": "Alamat halaman ini keliru.",
    "error.input.text": "Mulai lagi dari daftar usulan.",
}
EN: Mapping[str, str] = {
    "skip": "Skip to the content",
    "nav": "Parts",
    "nav.live": "Plenary",
    "nav.results": "Results",
    "nav.fates": "Fate of proposals",
    "nav.check": "Check a receipt",
    "other": "Bahasa Indonesia",
    "footer": "Territories: Open Database License. This page can be printed and read without scripts.",
    "rehearsal": "This is a rehearsal. Its results do not bind.",
    "phase.draft": "The plenary is not open yet",
    "phase.lobby": "The session is about to begin",
    "phase.open": "The plenary is running",
    "phase.recess": "The session is in recess",
    "phase.closed": "The plenary is closed",
    "phase.sealed": "The session is over and sealed",
    "results.title": "Results",
    "results.lead.going": "The plenary is still running: figures on this page may still change.",
    "results.lead.closed": "The plenary is closed. Its record is still a draft.",
    "results.lead.sealed": "All results on this page are sealed in the record.",
    "sum.proposals": "proposals",
    "sum.agreed": "agreed",
    "sum.not": "not agreed",
    "sum.present": "here of {n} invited",
    "ballots": "Results of ballots",
    "ballots.none": "No ballot has ended yet.",
    "ballots.open": "Being voted on: “{title}”. The result appears once it is closed.",
    "ballots.void": "Cancelled: {reason}",
    "ballots.cast": "{cast} {cast|vote|votes} of {of} {of|voter|voters}, {blank} blank",
    "ballots.secret": "secret",
    "ballots.public": "open",
    "ballots.proof": "Result file for checking",
    "ballots.root": "Root fingerprint",
    "consensus": "Decided by consensus",
    "consensus.agreed": "Consensus",
    "consensus.not_agreed": "No consensus",
    "notfunded": "Agreed in the plenary does not yet mean funded. The yearly plan and the budget have the last word.",
    "halls": "Fate of proposals by kelurahan",
    "halls.hall": "Kelurahan",
    "halls.all": "All",
    "halls.agreed": "Agreed",
    "halls.reserve": "Reserve",
    "halls.not": "Not",
    "halls.open": "Open",
    "halls.sum": "Sum",
    "halls.note": "Open: not decided yet, or merged into another proposal.",
    "not": "Not agreed, with the reason",
    "not.none": "No proposal was turned down.",
    "not.all": "See {n} {n|proposal|proposals} that were not agreed",
    "check": "Check a receipt",
    "check.label": "Code from your phone",
    "check.hint": "The whole code (32 digits and letters), or its first 12.",
    "check.go": "Check",
    "check.privacy": "We only say that the vote was counted, never what it was.",
    "check.found": "This code is in the list of votes of “{title}”. That vote was counted.",
    "check.void": "This code is in the list of votes of “{title}”, but that ballot was cancelled.",
    "check.missing": "This code is not in the list of any closed ballot.",
    "check.missing.text": "Check the code again, digit by digit.",
    "check.early": "This code is not in any published list of votes yet.",
    "check.early.text": "The ballot “{title}” is still open: its list is published once it is closed.",
    "check.short": "Enter 12 to 32 digits and letters from a to f.",
    "check.slip": "What looks like the letter O, I or l may be the digit 0 or 1.",
    "check.later": "The list of votes cannot be fetched yet. Try again in a moment.",
    "documents": "Documents",
    "documents.later": "Anybody can read the record once the plenary is closed.",
    "documents.html": "Record (read in the browser)",
    "documents.pdf": "Record (PDF, for screen readers too)",
    "documents.draft": "Draft: not approved by the forum yet, it may still change.",
    "fates.title": "Fate of proposals",
    "fates.lead": "{n} {n|proposal|proposals}. Each one that was not agreed shows its reason.",
    "fates.found": "{n} of {of} {of|proposal|proposals}",
    "fates.page": "Page {page} of {of}",
    "fates.before": "Previous",
    "fates.after": "Next",
    "fates.all": "All on one page, to print",
    "fates.none": "No proposal fits.",
    "fates.none.text": "Change the words, or show every kelurahan and every fate.",
    "fates.empty": "There is no proposal on the board yet.",
    "fates.map": "See the map (needs JavaScript)",
    "filter": "Find a proposal",
    "filter.q": "Words of the title, for instance RT 12/RW 02",
    "filter.hall": "Kelurahan",
    "filter.fate": "Fate",
    "filter.every": "All",
    "filter.go": "Show",
    "fate.agreed": "Agreed",
    "fate.reserve": "Reserve",
    "fate.not": "Not agreed",
    "fate.merged": "Merged",
    "fate.open": "Not decided yet",
    "next.agreed": "Written in the record and taken to the next level.",
    "next.reserve": "Moves up when a chosen proposal falls out.",
    "next.open": "The plenary has not decided on it yet.",
    "next.merged": "Discussed as one proposal: {title}",
    "why": "Reason",
    "why.none": "No reason was written down. Ask the secretariat of the musrenbang.",
    "why.open": "The plenary has not decided yet.",
    "proposal.number": "Proposal {number}",
    "proposal.kelurahan": "Kelurahan {name}",
    "proposal.now": "Where it stands",
    "proposal.way": "The way of the proposal",
    "proposal.notes": "Decisions",
    "proposal.data": "The proposal",
    "proposal.amount": "Cost",
    "proposal.amount.none": "not filled in",
    "proposal.volume": "Quantity",
    "proposal.households": "Benefit",
    "proposal.kk": "{n} households",
    "proposal.urgency": "Urgency",
    "proposal.land": "Land",
    "proposal.type": "Kind",
    "proposal.rw": "RW",
    "proposal.agency": "Agency",
    "proposal.follow": "Follow this proposal",
    "proposal.follow.text": "Scan to open this page again. It can be put up in the neighbourhood.",
    "proposal.qr": "QR code to the page of this proposal",
    "proposal.photos": "Photos",
    "proposal.photo": "Photo {n} of this proposal",
    "proposal.back": "All proposals",
    "way.carried": "Carried over from an earlier year",
    "way.submitted": "Submitted",
    "way.here": "This plenary",
    "way.group": "With a group session",
    "way.sent": "Sent up, waiting for the next level",
    "way.waiting": "waiting",
    "note.budget": "No decision on the budget yet",
    "note.survey": "Answer of the agency",
    "note.amount": "Cost {amount}.",
    "note.volume": "Quantity {volume}.",
    "decision.ACCEPTED": "Agreed",
    "decision.ACCEPTED_WITH_CHANGES": "Agreed with changes",
    "decision.REJECTED": "Not agreed",
    "decision.POSTPONED": "Postponed",
    "decision.NOTED": "Recommendation",
    "survey.BELUM": "Not surveyed yet",
    "survey.DIJADWALKAN": "Survey planned",
    "survey.SUDAH": "Surveyed",
    "survey.TIDAK_PERLU": "No survey needed",
    "level.RW_FORUM": "RW forum",
    "level.KELURAHAN": "Kelurahan",
    "level.KECAMATAN": "Kecamatan",
    "level.AGENCY_FORUM": "Agency forum",
    "level.PLANNING_OFFICE": "Planning office",
    "level.CITY": "City",
    "level.BUDGET_TEAM": "Budget team",
    "error.session": "There is no such plenary.",
    "error.session.text": "Check the address, or ask the organiser for a new link.",
    "error.proposal": "This proposal is not on the board.",
    "error.proposal.text": "Its owner may have withdrawn it. All proposals are in the list.",
    "error.page": "There is no such page.",
    "error.page.text": "The results and all proposals of the plenary can be opened from here.",
    "error.held": "The data cannot be read yet.",
    "error.held.text": "Nothing is lost. Reload this page in a moment.",
    "error.busy": "Too many searches from this network.",
    "error.busy.text": "Wait a few seconds, then search again. The list and its filters stay open.",
    "error.input": "The address of this page has a slip in it.",
    "error.input.text": "Start again from the list of proposals.",
}
TEXTS: Mapping[str, Mapping[str, str]] = {
    INDONESIAN: {**shared_words.ID, **ID},
    ENGLISH: {**shared_words.EN, **EN},
}


GAP = re.compile(r"\{(\w+)(?:\|([^|}]+)\|([^}]+))?\}")


def filled(params: Mapping[str, str | int], gap: re.Match[str]) -> str:
    name, one, many = gap.groups()
    value = str(params[name])
    return value if one is None else one if value == "1" else many


@dataclass(frozen=True, slots=True)
class Words:
    """One language. zone: of the session, WIB, WITA or WIT."""

    language: str
    zone: str = "WIB"

    def __call__(self, key: str, **params: str | int) -> str:
        """`{name}` is filled; `{name|one|many}` says `one` where that is 1.

        Raises KeyError for a text that does not exist, and for a gap in it that is not filled.
        """
        return GAP.sub(partial(filled, params), TEXTS[self.language][key])

    def known(self, key: str, otherwise: str) -> str:
        """The text of a key that came from data, or else what the data say."""
        return TEXTS[self.language].get(key, otherwise)

    @property
    def other(self) -> str:
        return ENGLISH if self.language == INDONESIAN else INDONESIAN

    def count(self, value: int) -> str:
        """1451 is "1.451", in English "1,451"."""
        text = f"{value:,}"
        return text if self.language == ENGLISH else text.replace(",", ".")

    def decimal(self, value: float) -> str:
        """Up to two digits after the mark, none that say nothing."""
        if float(value).is_integer():
            return self.count(int(value))
        whole, _, part = f"{value:,.2f}".rstrip("0").partition(".")
        return f"{whole}.{part}" if self.language == ENGLISH else f"{whole.replace(',', '.')},{part}"

    def rupiah(self, amount: int) -> str:
        return f"Rp{self.count(amount)}"

    def date(self, day: str) -> str:
        """ "2018-01-23" is "Selasa, 23 Januari 2018"; empty while there is none."""
        if not day:
            return ""
        found = parsed(day)
        months = MONTHS_OF[self.language]
        return f"{DAYS_OF[self.language][found.weekday()]}, {found.day} {months[found.month - 1]} {found.year}"

    def day(self, at: int) -> str:
        """The date of a moment (milliseconds since 1970 UTC) where the session is: "23 Januari 2018"."""
        here = datetime.fromtimestamp(at / 1000, UTC).astimezone(timezone(timedelta(hours=HOURS_AHEAD[self.zone])))
        return f"{here.day} {MONTHS_OF[self.language][here.month - 1]} {here.year}"


def spoken(asked: str | None, accepted: str) -> str:
    """What ?lang= says, else what the browser would rather read (RFC 9110 §12.5.4), else Indonesian."""
    if asked in LANGUAGES:
        return asked
    best, most = INDONESIAN, 0.0
    for part in accepted.split(",")[:20]:
        name, _, weight = part.strip().partition(";")
        tongue = name.strip().lower().partition("-")[0]
        if tongue in LANGUAGES and (found := quality(weight)) > most:
            best, most = tongue, found
    return best


def quality(weight: str) -> float:
    """Of "q=0.8"; 1 where nothing stands, 0 where it cannot be read."""
    text = weight.replace(" ", "")
    if not text:
        return 1.0
    try:
        return min(1.0, max(0.0, float(text.removeprefix("q="))))
    except ValueError:
        return 0.0
