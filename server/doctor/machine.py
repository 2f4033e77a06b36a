"""The machine: its folder, disk, ports, addresses, limits, packet loop, fonts and pages."""

from __future__ import annotations

import json
import resource
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst

from server import addresses, data_folder
from server.config import Settings
from server.descriptors import SPARE
from server.doctor.findings import Finding, ok, refused, warning, wrong
from server.documents.pdf import fonts
from server.errors import StartupError
from server.http.client import STATIC
from signaling.sfu.core import why_not_native

GB = 1 << 30
CPU_INFO = Path("/proc/cpuinfo")


def settings_together(settings: Settings) -> Iterator[Finding]:
    """Settings that are each right and make no sense together."""
    if settings.database is None and (settings.redis or settings.internal):
        yield warning(
            "settings",
            "PLENO_REDIS dan PLENO_INTERNAL hanya berguna dengan PostgreSQL: SQLite dipakai satu server saja.",
            "PLENO_REDIS and PLENO_INTERNAL only make sense with PostgreSQL: SQLite serves one server alone.",
        )
    if settings.turn and not settings.turn_secret:
        yield wrong(
            "settings",
            "PLENO_TURN ada tanpa PLENO_TURN_SECRET: tak ada yang dapat memakai relay itu.",
            "PLENO_TURN is given without PLENO_TURN_SECRET: nobody can use that relay.",
        )
    if not settings.tls and not settings.proxies and not addresses.is_loopback(settings.host):
        yield warning(
            "settings",
            "tidak ada TLS: peramban memberi kamera dan mikrofon hanya kepada halaman HTTPS. Pakai --tls, atau Caddy "
            "di depan dengan PLENO_PROXIES.",
            "no TLS: browsers give camera and microphone to HTTPS pages only. Use --tls, or a front such as Caddy "
            "with PLENO_PROXIES.",
        )


def folder(settings: Settings) -> Finding:
    try:
        path = data_folder.prepare(settings.data)
        data_folder.refuse_network_disk(path, data_folder.MOUNTS.read_text())
    except StartupError as error:
        return refused("data", error)
    return ok("data", f"folder data {path}", f"data folder {path}")


def disk(settings: Settings) -> Finding:
    try:
        free = shutil.disk_usage(settings.data).free
    except OSError:
        return warning("disk", "ruang disk tidak dapat dibaca.", "the disk's space cannot be read.")
    told = f"{free / GB:.1f} GB"
    if free < GB:
        return wrong(
            "disk",
            f"tinggal {told} di disk folder data. Kosongkan dulu: tanpa ruang, suara tidak dapat dicatat.",
            f"only {told} left on the data folder's disk. Make room: without it votes cannot be recorded.",
        )
    if free < 5 * GB:
        return warning("disk", f"tinggal {told}; salindia dan foto memakan tempat.", f"{told} left; slides take room.")
    return ok("disk", f"{told} kosong", f"{told} free")


def running(settings: Settings) -> dict[str, Any]:
    """server.json of a server that runs on this folder, empty when none does."""
    try:
        found: dict[str, Any] = json.loads((settings.data / "server.json").read_bytes())
        return found if Path(f"/proc/{int(found['pid'])}").exists() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def ports(settings: Settings) -> Iterator[Finding]:
    """Whether a server could listen, unless the one of this folder does."""
    ours = running(settings)
    media = settings.media_port if settings.media_port is not None else settings.port
    for name, kind, host, number, told in (
        ("tcp", socket.SOCK_STREAM, settings.host, settings.port, str(ours.get("url", "")).rpartition(":")[2]),
        ("udp", socket.SOCK_DGRAM, settings.media_host or settings.host, media, str(ours.get("media_port", ""))),
    ):
        if ours and (not number or told == str(number)):
            yield ok(name, f"server ini memakai port {told}", f"the server that runs uses port {told}")
        elif number and not free(host, kind, number):
            yield wrong(
                name,
                f"port {name.upper()} {number} dipakai program lain. Hentikan program itu, atau pilih port lain.",
                f"{name.upper()} port {number} is used by another program. Stop that one, or choose another port.",
            )
        else:
            yield ok(name, f"port {number or 'bebas'} kosong", f"port {number or 'any'} is free")


def free(host: str, kind: socket.SocketKind, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def announced(settings: Settings) -> Finding:
    """Where halls are told to send their video."""
    try:
        told = settings.announce or tuple(addresses.reachable(settings.media_host or settings.host))
    except OSError:
        return wrong("announce", f"nama {settings.host} tidak dikenal.", f"the name {settings.host} is not known.")
    names = ", ".join(told)
    if all(addresses.is_loopback(each) for each in told):
        return warning(
            "announce",
            f"video hanya untuk mesin ini ({names}). Untuk aula lain: --host 0.0.0.0, atau --announce ALAMAT.",
            f"video for this machine alone ({names}). For other halls: --host 0.0.0.0, or --announce ADDRESS.",
        )
    foreign = [each for each in told if not free(each, socket.SOCK_DGRAM, 0)]
    if foreign:
        there = ", ".join(foreign)
        return warning(
            "announce",
            f"{there} bukan alamat mesin ini. Itu benar di belakang NAT bila port UDP diteruskan ke mesin ini; jika "
            "tidak, video tidak sampai.",
            f"{there} is not an address of this machine. That is right behind address translation if the UDP port is "
            "passed on to it; else no video arrives.",
        )
    return ok("announce", f"video lewat {names}", f"video by {names}")


def open_files(settings: Settings) -> Finding:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = settings.max_clients + SPARE
    if hard != resource.RLIM_INFINITY and hard < wanted:
        return warning(
            "files",
            f"batas berkas terbuka {hard}; untuk {settings.max_clients} sambungan perlu {wanted} (LimitNOFILE=).",
            f"at most {hard} open files; {settings.max_clients} connections need {wanted} (LimitNOFILE=).",
        )
    return ok("files", f"cukup untuk {settings.max_clients} sambungan", f"enough for {settings.max_clients}")


def packet_loop(settings: Settings) -> Finding:
    why = why_not_native()
    if settings.core == "python" or why is not None:
        return warning(
            "core",
            "inti paket memakai Python: cukup untuk beberapa aula. Pasang gcc dan libssl-dev, lalu `make core`.",
            "the packet loop runs in Python: enough for a few halls. Install gcc and libssl-dev, then `make core`.",
        )
    try:
        fast = " aes " in f"{CPU_INFO.read_text()} " or "asimd" in CPU_INFO.read_text()
    except OSError:
        fast = True
    if not fast:
        return warning("core", "prosesor tanpa AES: enkripsi video lambat.", "no AES in this CPU: video costs more.")
    return ok("core", "inti paket native", "native packet loop")


def typesetting() -> Finding:
    """One line, by the fonts that records are set with."""
    try:
        typst.compile(b"Berita Acara", font_paths=fonts(), ignore_system_fonts=True)
    except Exception as error:
        return wrong(
            "typst", f"Berita Acara tidak dapat dibuat ({type(error).__name__}): pasang ulang Pleno.",
            f"records cannot be typeset ({type(error).__name__}): install Pleno again.",
        )  # fmt: skip
    return ok("typst", "Berita Acara dapat dibuat", "records can be typeset")


def pages() -> Finding:
    if not (STATIC / "index.html").exists():
        return wrong("pages", "halaman belum dibangun: `make client`.", "the pages are not built: `make client`.")
    return ok("pages", "halaman sudah dibangun", "the pages are built")
