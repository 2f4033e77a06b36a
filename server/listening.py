"""The TCP socket pages are served from, bound before anything else starts, and the UDP number that goes with it."""

from __future__ import annotations

import errno
import socket

from server.errors import StartupError

BACKLOG = 4096  # a hall full of phones comes back at once after a cut
TRIES = 20


def bind(host: str, port: int, media_port: int | None, media_host: str = "") -> tuple[socket.socket, int]:
    """A bound TCP socket and the UDP port for media. port 0 takes one whose UDP twin (on media_host) is free too.

    Raises StartupError: port_in_use, bad_setting. Whoever binds the media port sees whether it is free.
    """
    for _ in range(TRIES):
        listener = bind_tcp(host, port)
        chosen: int = listener.getsockname()[1]
        if port != 0 or media_port is not None or udp_is_free(media_host or host, chosen):
            return listener, chosen if media_port in (None, 0) else media_port or chosen
        listener.close()
    raise media_port_in_use(port)


def bind_tcp(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise unusable(host, error) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise StartupError(
                "port_in_use",
                f"Port {port} sudah dipakai program lain. Hentikan program itu, atau pilih port lain: "
                "make run PORT=8090 (pleno serve --port 8090).",
                f"Port {port} is used by another program. Stop that one, or choose another port: "
                "make run PORT=8090 (pleno serve --port 8090).",
            ) from error
        raise unusable(f"{host}:{port}", error) from error
    listener.setblocking(False)
    return listener


def udp_is_free(host: str, port: int) -> bool:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.bind(address)
    except OSError:
        return False
    return True


def unusable(where: str, error: OSError) -> StartupError:
    return StartupError(
        "bad_setting",
        f"Tidak dapat mendengarkan di {where}: {error.strerror}. Periksa --host dan --port.",
        f"Cannot listen on {where}: {error.strerror}. Check --host and --port.",
    )


def media_port_in_use(port: int) -> StartupError:
    return StartupError(
        "media_port_in_use",
        f"Port UDP {port} untuk video sudah dipakai program lain. Pilih yang lain dengan --media-port.",
        f"UDP port {port} for video is used by another program. Choose another with --media-port.",
    )
