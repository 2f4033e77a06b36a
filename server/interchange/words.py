"""The words of lists that go to and fro as spreadsheets: headings, and what is wrong with a row."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "note": ("Perlu diperbaiki", "To be corrected"),
    "code": ("Kode", "Code"),
    "parent": ("Kode induk", "Parent code"),
    "level": ("Tingkat", "Level"),
    "name": ("Kelurahan", "Village"),
    "kecamatan": ("Kecamatan", "District"),
    "hall": ("Aula", "Hall"),
    "office": ("Jabatan", "Office"),
    "rw": ("RW", "RW"),
    "vote": ("Hak suara", "May vote"),
    "voice": ("Hak bicara", "May speak"),
    "person": ("Nama", "Name"),
    "age": ("Usia", "Age"),
    "sex": ("Jenis kelamin", "Sex"),
    "disability": ("Disabilitas", "Disability"),
    "organisation": ("Lembaga", "Organisation"),
    "phone": ("Telepon", "Telephone"),
    "address": ("Alamat", "Address"),
    "nip": ("NIP", "NIP"),
    "yes|no": ("ya|tidak", "yes|no"),
    "l|p": ("L|P", "M|F"),
    "missing": ("belum diisi", "is empty"),
    "too_long": ("terlalu panjang, mohon dipersingkat", "is too long, please shorten it"),
    "bad_code": (
        "hanya boleh huruf, angka, titik, dan tanda hubung, paling banyak 40",
        "may hold only letters, figures, points and hyphens, 40 at most",
    ),
    "twice": (
        "sudah ada di baris lain; bila memang berbeda, beri nomor, misalnya “Tokoh masyarakat 2”",
        "is in another row already; if it is another one, number it, for instance “Community figure 2”",
    ),
    "taken": ("sudah dipakai dengan isi lain di sidang ini", "is in use for something else in this session"),
    "unknown_hall": (
        "tidak ada di sidang ini; periksa ejaannya atau impor aulanya dahulu",
        "is not in this session; check the spelling or import its hall first",
    ),
    "two_halls": ("dipakai dua aula; tulis kode aulanya", "is the name of two halls; write the hall's code"),
    "yes_or_no": ("isi dengan ya atau tidak", "write yes or no"),
    "bad_age": ("isi dengan umur dalam tahun, 0 sampai 130", "write the age in years, 0 to 130"),
    "l_or_p": ("isi dengan L atau P", "write M or F"),
    "rounded": (
        "angka sepanjang ini dibulatkan oleh lembar kerja; ubah format selnya menjadi Teks, lalu tulis ulang",
        "a number this long was rounded by the spreadsheet; format the cell as Text and write it again",
    ),
    "error_value": (
        "berisi kesalahan rumus; perbaiki rumusnya atau tulis isinya langsung",
        "holds the error of a formula; mend the formula or write what belongs there",
    ),
    "settled": (
        "tidak dapat diganti lagi setelah sidang dibuka",
        "cannot be changed any more once the session was opened",
    ),
    "is_date": (
        "dibaca sebagai tanggal oleh lembar kerja; ubah format selnya menjadi Teks, lalu tulis ulang",
        "was taken for a date by the spreadsheet; format the cell as Text and write it again",
    ),
}
ALIASES: dict[str, dict[str, str]] = {
    "halls": {
        "kode wilayah": "code", "parent_code": "parent", "kode induk": "parent", "level": "level", "tingkat": "level",
        "nama": "name", "name": "name", "aula": "name", "desa": "name", "nama kelurahan": "name", "nama desa": "name",
        "kelurahan/desa": "name", "desa/kelurahan": "name", "nama kelurahan/desa": "name", "nama aula": "name",
        "kode kelurahan": "code", "nama kecamatan": "kecamatan",
    },
    "people": {
        "kode kursi": "code", "kelurahan": "hall", "desa": "hall", "nama kelurahan": "hall", "kelurahan/desa": "hall",
        "desa/kelurahan": "hall", "nama aula": "hall", "unsur": "office", "jabatan/unsur": "office",
        "nama peserta": "person", "no hp": "phone", "no. telepon": "phone", "telp": "phone", "hp": "phone",
        "jenis kelamin (l/p)": "sex", "peran": "office", "nama lengkap": "person",
        "organisasi": "organisation", "no. hp": "phone", "nomor telepon": "phone", "umur": "age", "l/p": "sex",
        "jk": "sex", "gender": "sex", "penyandang disabilitas": "disability", "difabel": "disability",
    },
}  # fmt: skip
COLUMNS = {
    "halls": ("code", "name", "kecamatan"),
    "people": (
        "code", "hall", "office", "rw", "vote", "voice", "person", "age", "sex", "disability", "organisation", "phone",
        "address", "nip",
    ),
}  # fmt: skip

CHOICES = {"vote": "yes|no", "voice": "yes|no", "sex": "l|p", "disability": "yes|no"}  # offered in a workbook


def said(name: str, language: str) -> str:
    """language: "id" or "en"."""
    return WORDS[name][0 if language == "id" else 1]


def column(kind: str, heading: str) -> str:
    """Which column somebody means by this heading, empty for one that nobody reads. kind: "halls" or "people"."""
    wanted = " ".join(heading.split()).casefold()
    if found := ALIASES[kind].get(wanted):
        return found
    named = (one for one in ("note", *COLUMNS[kind]) if wanted in {word.casefold() for word in WORDS[one]})
    return next(named, "")
