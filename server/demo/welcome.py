"""What the terminal shows when the demonstration is ready: one link a face, and a QR when phones can reach us."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno

from server.addresses import is_loopback

TOLD = {
    "moderator": "buka sidang, atur acara, beri giliran bicara, buka pemungutan suara",
    "hall": "kamera dan mikrofon satu aula",
    "participant": "papan, minta bicara, memilih; satu kartu satu orang",
    "agency": "perangkat daerah: menjawab usulan, hasil survei, biaya",
    "screen": "layar besar di ruangan",
    "public": "warga dan pers, hanya melihat",
    "admin": "sekretariat",
}


def link(url: str, card: Mapping[str, Any]) -> str:
    return f"{url}/{card['face']}#{card['token']}"


def first_of_each_face(written: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for card in written:
        found.setdefault(card["face"], card)
    return [found[face] for face in TOLD if face in found]


def welcome(url: str, host: str, secure: bool, written: list[dict[str, Any]], passes: Path) -> str:
    """host: what the server listens on. written: the cards of passes.json."""
    shown = first_of_each_face(written)
    wide = max(len(card["label"]) for card in shown)
    lines = ["", f"Pleno siap di {url}", "Sidang peragaan: Musrenbang Virtual Kota Bekasi, 23 Januari 2018", ""]
    for card in shown:
        lines += [f"  {card['label']:<{wide}}  {link(url, card)}", f"  {'':<{wide}}  {TOLD[card['face']]}"]
        if "pin" in card:
            lines += [f"  {'':<{wide}}  pindah ke ponsel atau peramban lain: PIN {card['pin']}"]
    lines += ["", f"Tautan lain ({len(written)} kartu: 12 aula, 240 kursi): {passes}", *advice(url, host, secure)]
    if not is_loopback(host):
        phone = next(card for card in shown if card["face"] == "participant")
        lines += ["", f"Pindai dengan ponsel ({phone['label']}):", terminal_qr(link(url, phone))]
    return "\n".join([*lines, "", "Berhenti: Ctrl+C", ""])


def advice(url: str, host: str, secure: bool) -> list[str]:
    """Where cameras will work: browsers give them to HTTPS, and to pages of their own machine."""
    port = urlsplit(url).port
    if is_loopback(host):
        return [
            "",
            "Hanya mesin ini yang dapat membukanya. Untuk ponsel dan aula lain: make run HOST=0.0.0.0 TLS=self-signed",
        ]
    if secure:
        return [
            "",
            "Peramban memperingatkan sekali soal sertifikat buatan sendiri; lanjutkan, maka kamera dapat dipakai.",
        ]
    return [
        "",
        "Tanpa HTTPS, peramban hanya memberi kamera dan mikrofon pada halaman dari mesin ini sendiri",
        f"(http://localhost:{port}). Untuk aula di mesin lain: make run HOST=0.0.0.0 TLS=self-signed",
    ]


def terminal_qr(text: str) -> str:
    out = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(out, border=2, compact=True)
    return out.getvalue().rstrip("\n")
