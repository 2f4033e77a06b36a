"""The record's Indonesian words for what the domain's codes mean."""

from __future__ import annotations

STATUSES = {
    "SUBMITTED": "diajukan",
    "VERIFIED": "lolos verifikasi",
    "RETURNED": "dikembalikan",
    "SURVEYED": "sudah disurvei",
    "DISCUSSED": "dibahas",
    "AGREED": "disepakati",
    "AGREED_WITH_CHANGES": "disepakati dengan perubahan",
    "PRIORITISED": "prioritas",
    "RESERVE": "cadangan",
    "NOT_AGREED": "belum disepakati",
    "SENT_UP": "diteruskan ke tingkat berikutnya",
    "ACCOMMODATED_NEXT_YEAR": "diakomodasi pada tahun rencana",
    "ACCOMMODATED_CURRENT_YEAR": "diakomodasi pada tahun berjalan",
    "NOT_ACCOMMODATED": "tidak diakomodasi",
    "REALISED": "terlaksana",
    "NOT_REALISED": "tidak terlaksana",
    "MERGED": "digabungkan",
    "WITHDRAWN": "dicabut pengusul",
}
REASONS = {
    "DUPLICATE": "usulan ganda",
    "WRONG_ADDRESS": "alamat keliru",
    "ALREADY_PROPOSED": "sudah pernah diusulkan",
    "WRONG_AGENCY": "perangkat daerah tujuan keliru",
    "LAND_NOT_OWNED_BY_GOV": "lahan bukan milik pemerintah",
    "STILL_FIT": "kondisi masih layak",
    "RESIDENTS_OBJECT": "warga keberatan",
    "WITHDRAWN_BY_RW": "dicabut oleh RW",
    "SIZE_BELOW_STANDARD": "ukuran di bawah standar",
    "ASSET_STATUS": "status aset",
    "LAND_DISPUTE": "lahan sengketa",
    "PSU_NOT_HANDED_OVER": "PSU belum diserahkan",
    "RECIPIENT_NOT_LEGAL_ENTITY": "penerima bukan badan hukum",
    "URGENT_USE_OTHER_CHANNEL": "mendesak, ditangani lewat jalur lain",
    "OVER_CEILING": "melebihi pagu",
    "NOT_IN_AUTHORITY": "bukan kewenangan",
    "NOT_IN_CATALOGUE": "tidak ada dalam kamus usulan",
    "OTHER": "lain-lain",
}
CONSTITUENCIES = {
    "": "tanpa kelompok",
    "WOMEN": "perempuan",
    "YOUTH": "pemuda",
    "CHILDREN": "anak",
    "ELDERLY": "lanjut usia",
    "DISABILITY": "penyandang disabilitas",
    "RELIGIOUS": "tokoh agama",
    "COMMUNITY": "tokoh dan organisasi masyarakat",
    "BUSINESS": "dunia usaha",
    "EDUCATION": "pendidikan",
    "HEALTH": "kesehatan",
    "SECURITY": "keamanan dan ketertiban",
    "RW": "ketua RW",
    "RT": "ketua RT",
    "LMK": "LMK, LPM, dan lembaga perwakilan",
    "COUNCIL": "DPRD",
    "AGENCY": "perangkat daerah",
    "GOVERNMENT": "pemerintah setempat",
}
TYPES = {
    "": "tanpa jenis",
    "FISIK": "fisik",
    "NON_FISIK": "non-fisik",
    "PENGADAAN_BARANG": "pengadaan barang",
}
METHODS = {
    "approval": "persetujuan: setiap pemilih memilih beberapa",
    "single": "satu pilihan",
    "yes_no": "setuju, tidak setuju, atau abstain",
    "score": "pemberian nilai",
    "points": "pembagian poin",
    "borda": "pemeringkatan (Borda)",
    "schulze": "pemeringkatan (Schulze)",
    "knapsack": "penyusunan anggaran (suara terbanyak dalam pagu)",
    "equal_shares": "penyusunan anggaran (pembagian setara)",
}
MAJORITIES = {
    "simple": "suara terbanyak",
    "absolute": "lebih dari separuh",
    "two_thirds": "sekurang-kurangnya dua pertiga",
    "four_fifths": "sekurang-kurangnya empat perlima",
}
BASES = {
    "cast": "suara yang masuk",
    "valid": "suara sah",
    "present": "peserta yang hadir",
    "electorate": "seluruh pemilih",
}
SECRECY = {"open": "terbuka, pilihan dicatat bersama kursi", "secret": "rahasia"}
PROOFS = {
    "inclusion": "membuktikan suara ikut dihitung, tanpa menunjukkan pilihannya",
    "full": "menunjukkan pilihan yang dihitung",
}
WEIGHTS = {
    "none": "",
    "hall_voting": "setiap aula berbobot sama, dibagi kepada yang memilih",
    "hall_electorate": "setiap aula berbobot sama, dibagi kepada seluruh pemilihnya",
    "given": "bobot ditetapkan per kursi",
}
HEARD = {"yes": "terdengar jelas", "partly": "terdengar sebagian", "no": "tidak terdengar"}
CAUSES = {"page": "sambungan terputus", "media": "gambar dan suara terputus"}


def worded(terms: dict[str, str], code: str) -> str:
    """The word for a code; one nobody has written a word for stays itself rather than vanish from a record."""
    return terms.get(code, code)
