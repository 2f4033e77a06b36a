"""Printed cards, read by programs that did not make them: poppler, qpdf, and the QR reader of the hall's page."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from server.documents.cards import CardFace, Sheet, pdf
from tests.documents.test_pdf import NASTY, PDFA, PDFUA, poppler
from tests.fixtures.prerequisites import require

ROOT = Path(__file__).parents[2]
READER = ROOT / "client_web" / "node_modules" / "qr" / "decode.js"
MM = 72 / 25.4
MARGIN, PANEL, HIGH = 12 * MM, 62 * MM, 53 * MM  # as cards.typ has them
SCALE = 3
RW = CardFace(
    office="Ketua RW 07",
    place="Pejuang",
    role="Peserta",
    link="https://musrenbang.kota.example/participant#" + "kQ3_x-" * 3 + "1234",
    pin="031957",
    ends="31 Desember 2026",
)
HALL = CardFace("Aula Pejuang", "Medansatria", "Aula", "https://musrenbang.kota.example/hall#" + "z" * 22, "", RW.ends)
SHEET = Sheet("Musrenbang RKPD 2027", "Senin, 26 Februari 2026", "Balai Patriot", 1_790_000_000_000, (RW, HALL))


@pytest.fixture(scope="module")
def printed() -> bytes:
    return pdf(SHEET)


def codes(body: bytes, strips: int) -> list[str]:
    """What a camera reads on the front of each strip of the first page."""
    if not READER.exists() or shutil.which("node") is None:
        require("node", "it reads QR codes with what `npm ci` installed")
    page = pypdfium2.PdfDocument(body)[0].render(scale=SCALE).to_pil().convert("RGBA")
    found = []
    for strip in range(strips):
        left, top = MARGIN * SCALE, (MARGIN + strip * HIGH) * SCALE
        front = page.crop((int(left), int(top), int(left + PANEL * SCALE), int(top + HIGH * SCALE)))
        image = {"width": front.width, "height": front.height, "data": base64.b64encode(front.tobytes()).decode()}
        script = (
            "const {readFileSync} = require('fs'); const image = JSON.parse(readFileSync(0));"
            f"import({json.dumps(READER.as_uri())}).then(({{default: decode}}) => process.stdout.write("
            "decode({...image, data: new Uint8Array(Buffer.from(image.data, 'base64'))})))"
        )
        run = subprocess.run(["node", "-e", script], input=json.dumps(image).encode(), capture_output=True, check=True)
        found.append(run.stdout.decode())
    return found


def test_each_code_is_the_cards_link(printed: bytes) -> None:
    assert codes(printed, 2) == [RW.link, HALL.link]


def test_a_card_says_whose_it_is_and_its_pin_beside_the_fold(printed: bytes) -> None:
    text = poppler("pdftotext", printed, "-raw")
    for told in (RW.office, RW.place, "031 957", "Lipat bagian ini", HALL.office, SHEET.title, SHEET.when, SHEET.where):
        assert told in text
    assert RW.link not in text and HALL.link not in text
    width = poppler("pdftotext", printed, "-bbox")
    (pin,) = [line for line in width.splitlines() if ">031<" in line]
    assert MARGIN + PANEL < float(pin.split('xMin="')[1].split('"')[0]) < MARGIN + 2 * PANEL, "on the panel between"


def test_a_card_without_a_vote_has_no_words_of_a_pin(printed: bytes) -> None:
    assert "PIN" not in poppler("pdftotext", pdf(replace(SHEET, cards=(HALL,))), "-raw")


def test_it_is_for_archives_and_for_screen_readers(printed: bytes, tmp_path: Path) -> None:
    (tmp_path / "cards.pdf").write_bytes(printed)
    with pikepdf.open(tmp_path / "cards.pdf") as found:
        with found.open_metadata() as meta:
            assert (meta[f"{PDFA}part"], meta[f"{PDFA}conformance"], meta[f"{PDFUA}part"]) == ("2", "A", "1")
        spoken = [str(one.get("/Alt", "")) for one in found.objects if isinstance(one, pikepdf.Dictionary)]
    assert {"Kode QR tautan kartu Ketua RW 07, Pejuang", "Kode QR tautan kartu Aula Pejuang, Medansatria"} <= {*spoken}


def test_the_same_sheet_gives_the_same_file(printed: bytes) -> None:
    assert pdf(SHEET) == printed


@pytest.mark.parametrize("odd", [NASTY, "Jalan 你好", "K" * 300, "Ketua " + "Forum Penyandang Disabilitas " * 9])
def test_whatever_an_office_is_called_it_stays_on_its_strip(odd: str) -> None:
    body = pdf(replace(SHEET, cards=(replace(RW, office=odd, place=odd), *[RW] * 5)))
    assert len(pypdfium2.PdfDocument(body)) == 2, "five strips a page"
    assert codes(body, 1) == [RW.link]
