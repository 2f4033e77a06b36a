"""Reads a peer's session description (RFC 8866, RFC 8829), strictly and within bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NoReturn, cast

from signaling.engine import EngineError

MAX_BYTES = 64 * 1024
MAX_LINE = 4096
MAX_MEDIA = 128
MAX_SSRCS = 16  # an m-line: simulcast of three layers with RTX takes six

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
Setup = Literal["actpass", "active", "passive"]

_LINE = re.compile(r"([a-z])=(.*)", re.DOTALL)
_ICE_CHARS = re.compile(r"[A-Za-z0-9+/]+")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,64}")
_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){15,63}")
_KINDS = "audio|video|application|text|image|message"
_MEDIA = re.compile(rf"({_KINDS}) (\d{{1,5}})(?:/\d{{1,5}})? (\S{{1,64}})((?: \S{{1,64}}){{1,64}})")
_ORIGIN = re.compile(r"(\S{1,256}) (\d{1,20}) (\d{1,20}) IN IP[46] (\S{1,256})")
_RTPMAP = re.compile(r"(\d{1,3}) ([A-Za-z0-9._-]{1,40})/(\d{1,6})(?:/(\d{1,2}))?")
_EXTMAP = re.compile(r"(\d{1,4})(?:/(?:sendrecv|sendonly|recvonly|inactive))? (\S{1,256})(?: .*)?")
_SSRC = re.compile(r"(\d{1,10})(?: .*)?")


@dataclass(frozen=True, slots=True)
class Codec:
    """One payload type of an m-line. name: lower case. fmtp: as written. feedback: values of a=rtcp-fb, also of `*`."""

    payload_type: int
    name: str
    clock_rate: int
    channels: int
    fmtp: str
    feedback: tuple[str, ...]

    def parameter(self, key: str) -> str | None:
        """The value of one fmtp parameter, None when it is not there."""
        for part in self.fmtp.split(";"):
            name, _, value = part.strip().partition("=")
            if name.lower() == key:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A certificate's digest. algorithm: lower case (RFC 8122)."""

    algorithm: str
    value: str


@dataclass(frozen=True, slots=True)
class Remote:
    """What a peer says of its transport."""

    ufrag: str
    pwd: str
    fingerprints: tuple[Fingerprint, ...]
    setup: Setup


@dataclass(frozen=True, slots=True)
class Media:
    """One m-line. line: where it stands, from 1. fid: media SSRC → RTX SSRC. rejected: port 0 without bundle-only."""

    line: int
    kind: str
    protocol: str
    formats: tuple[str, ...]
    mid: str
    direction: Direction
    rejected: bool
    codecs: Mapping[int, Codec]
    extensions: Mapping[str, int]
    ssrcs: tuple[int, ...]
    fid: Mapping[int, int]
    simulcast: bool
    rtcp_mux: bool


@dataclass(frozen=True, slots=True)
class Description:
    """A parsed offer or answer. session: the id of the o= line, constant for one PeerConnection."""

    session: str
    bundle: tuple[str, ...]
    media: tuple[Media, ...]
    remote: Remote

    def by_mid(self, mid: str) -> Media | None:
        return next((media for media in self.media if media.mid == mid), None)


def bad(line: int) -> NoReturn:
    """Refuse the description because of this line (from 1)."""
    raise EngineError("bad_sdp", line=line)


@dataclass(slots=True)
class _Section:
    """A session or media section while it is read."""

    line: int
    head: re.Match[str] | None
    mid: str = ""
    direction: str = ""
    setup: str = ""
    ufrag: str = ""
    pwd: str = ""
    fingerprints: list[Fingerprint] = field(default_factory=list)
    rtpmap: dict[int, tuple[str, int, int]] = field(default_factory=dict)
    fmtp: dict[int, str] = field(default_factory=dict)
    feedback: dict[str, list[str]] = field(default_factory=dict)
    extensions: dict[str, int] = field(default_factory=dict)
    ssrcs: dict[int, None] = field(default_factory=dict)
    fid: dict[int, int] = field(default_factory=dict)
    bundle: tuple[str, ...] = ()
    flags: set[str] = field(default_factory=set)


def parse(text: str) -> Description:
    """Parse an offer or answer. Raises EngineError bad_sdp {line}; attributes we do not use are skipped."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        bad(1)
    sections = [_Section(1, None)]
    origin = ""
    for number, line in _lines(text):
        match = _LINE.fullmatch(line)
        if match is None or len(line) > MAX_LINE:
            bad(number)
        letter, value = match.group(1), match.group(2)
        if number <= 3 and letter != "vos"[number - 1]:
            bad(number)
        if letter == "v" and value != "0":
            bad(number)
        elif letter == "o":
            origin = _origin(value, number)
        elif letter == "m":
            if len(sections) > MAX_MEDIA:
                bad(number)
            sections.append(_Section(number, _MEDIA.fullmatch(value) or bad(number)))
        elif letter == "a":
            _attribute(sections[-1], value, number)
    if len(sections) == 1:
        bad(1)
    return _finish(origin, sections)


def _lines(text: str) -> list[tuple[int, str]]:
    lines = text.split("\n")
    if lines and lines[-1] in ("", "\r"):
        lines.pop()
    return [(number, line.removesuffix("\r")) for number, line in enumerate(lines, 1)]


def _origin(value: str, number: int) -> str:
    match = _ORIGIN.fullmatch(value) or bad(number)
    return match.group(2)


def _attribute(section: _Section, value: str, number: int) -> None:
    name, _, rest = value.partition(":")
    reader = _READERS.get(name)
    if reader is not None:
        reader(section, rest, number)
    elif name in _FLAGS:
        section.flags.add(name)
    elif name in ("sendrecv", "sendonly", "recvonly", "inactive"):
        section.direction = name


def _read_mid(section: _Section, value: str, number: int) -> None:
    if not _TOKEN.fullmatch(value) or section.mid:
        bad(number)
    section.mid = value


def _read_group(section: _Section, value: str, number: int) -> None:
    kind, *mids = value.split(" ")
    if kind != "BUNDLE":
        return
    if len(mids) > MAX_MEDIA or not all(_TOKEN.fullmatch(mid) for mid in mids):
        bad(number)
    section.bundle = tuple(mids)


def _read_ufrag(section: _Section, value: str, number: int) -> None:
    if not 4 <= len(value) <= 256 or not _ICE_CHARS.fullmatch(value):
        bad(number)
    section.ufrag = value


def _read_pwd(section: _Section, value: str, number: int) -> None:
    if not 22 <= len(value) <= 256 or not _ICE_CHARS.fullmatch(value):
        bad(number)
    section.pwd = value


def _read_setup(section: _Section, value: str, number: int) -> None:
    if value not in ("actpass", "active", "passive", "holdconn"):
        bad(number)
    section.setup = value


def _read_fingerprint(section: _Section, value: str, number: int) -> None:
    algorithm, _, digest = value.partition(" ")
    if not _TOKEN.fullmatch(algorithm) or not _FINGERPRINT.fullmatch(digest) or len(section.fingerprints) >= 8:
        bad(number)
    section.fingerprints.append(Fingerprint(algorithm.lower(), digest.upper()))


def _read_rtpmap(section: _Section, value: str, number: int) -> None:
    match = _RTPMAP.fullmatch(value) or bad(number)
    if int(match.group(1)) > 127:
        bad(number)
    section.rtpmap[int(match.group(1))] = (match.group(2).lower(), int(match.group(3)), int(match.group(4) or 1))


def _read_fmtp(section: _Section, value: str, number: int) -> None:
    payload_type, _, parameters = value.partition(" ")
    if not _decimal(payload_type, 127) or not parameters.isprintable():
        bad(number)
    section.fmtp[int(payload_type)] = parameters


def _read_feedback(section: _Section, value: str, number: int) -> None:
    payload_type, _, what = value.partition(" ")
    if payload_type != "*" and not _decimal(payload_type, 127):
        bad(number)
    section.feedback.setdefault(payload_type, []).append(what)


def _read_extmap(section: _Section, value: str, number: int) -> None:
    match = _EXTMAP.fullmatch(value) or bad(number)
    identifier = int(match.group(1))
    if not 1 <= identifier <= 4095:
        bad(number)
    if identifier <= 14:  # one-byte headers only (RFC 8285 §4.2); higher ids count as not offered
        section.extensions[match.group(2)] = identifier


def _read_ssrc(section: _Section, value: str, number: int) -> None:
    match = _SSRC.fullmatch(value) or bad(number)
    if not _decimal(match.group(1), 0xFFFFFFFF):
        bad(number)
    section.ssrcs[int(match.group(1))] = None
    if len(section.ssrcs) > MAX_SSRCS:
        bad(number)


def _read_ssrc_group(section: _Section, value: str, number: int) -> None:
    semantics, *ssrcs = value.split(" ")
    if len(ssrcs) > MAX_SSRCS or not all(_decimal(ssrc, 0xFFFFFFFF) for ssrc in ssrcs):
        bad(number)
    if semantics == "FID" and len(ssrcs) == 2:
        section.fid[int(ssrcs[0])] = int(ssrcs[1])


_Reader = Callable[[_Section, str, int], None]
_FLAGS = frozenset({"rtcp-mux", "bundle-only", "ice-lite", "simulcast", "rid"})
_READERS: Mapping[str, _Reader] = MappingProxyType(
    {
        "mid": _read_mid,
        "group": _read_group,
        "ice-ufrag": _read_ufrag,
        "ice-pwd": _read_pwd,
        "setup": _read_setup,
        "fingerprint": _read_fingerprint,
        "rtpmap": _read_rtpmap,
        "fmtp": _read_fmtp,
        "rtcp-fb": _read_feedback,
        "extmap": _read_extmap,
        "ssrc": _read_ssrc,
        "ssrc-group": _read_ssrc_group,
    }
)


def _decimal(text: str, largest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= largest


def _finish(origin: str, sections: list[_Section]) -> Description:
    session, *rest = sections
    media = tuple(_media(section, session) for section in rest)
    mids = [each.mid for each in media if each.mid]
    if len(set(mids)) != len(mids):
        bad(rest[-1].line)
    used = [section for section, each in zip(rest, media, strict=True) if not each.rejected] or rest
    return Description(origin, session.bundle, media, _remote(used[0], session))


def _remote(section: _Section, session: _Section) -> Remote:
    ufrag, pwd = section.ufrag or session.ufrag, section.pwd or session.pwd
    fingerprints = section.fingerprints or session.fingerprints
    setup = section.setup or session.setup
    if not ufrag or not pwd or not fingerprints or setup not in ("actpass", "active", "passive"):
        bad(section.line)
    return Remote(ufrag, pwd, tuple(fingerprints), cast(Setup, setup))


def _media(section: _Section, session: _Section) -> Media:
    assert section.head is not None
    kind, port, protocol, formats = section.head.groups()
    if int(port) > 65535:
        bad(section.line)
    return Media(
        line=section.line,
        kind=kind,
        protocol=protocol,
        formats=tuple(formats.split()),
        mid=section.mid,
        direction=cast(Direction, section.direction or session.direction or "sendrecv"),
        rejected=int(port) == 0 and "bundle-only" not in section.flags,
        codecs=_codecs(section, formats.split()),
        extensions=section.extensions,
        ssrcs=tuple(section.ssrcs),
        fid=section.fid,
        simulcast="simulcast" in section.flags or "rid" in section.flags,
        rtcp_mux="rtcp-mux" in section.flags,
    )


def _codecs(section: _Section, formats: list[str]) -> dict[int, Codec]:
    codecs: dict[int, Codec] = {}
    for text in formats:
        if not _decimal(text, 127) or int(text) not in section.rtpmap:
            continue  # application m-lines, and static payload types that are of no use here
        number = int(text)
        name, clock_rate, channels = section.rtpmap[number]
        feedback = (*section.feedback.get(text, ()), *section.feedback.get("*", ()))
        codecs[number] = Codec(number, name, clock_rate, channels, section.fmtp.get(number, ""), feedback)
    return codecs
