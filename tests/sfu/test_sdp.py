"""Reading peers' descriptions: real browsers' offers, and whatever else may come."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.engine import EngineError
from signaling.sfu import parameters
from signaling.sfu.core_api import Extensions, Kind
from signaling.sfu.sdp import MAX_BYTES, MAX_MEDIA, parse

FOLDER = Path(__file__).parent / "sdp"
FIXTURES = sorted(path.stem for path in FOLDER.glob("*.sdp"))


def read(name: str) -> str:
    return (FOLDER / f"{name}.sdp").read_bytes().decode()


def line_of(error: pytest.ExceptionInfo[EngineError]) -> int:
    assert error.value.code == "bad_sdp"
    line = error.value.data["line"]
    assert isinstance(line, int)
    return line


@pytest.mark.parametrize("name", FIXTURES)
def test_real_offers_are_read(name: str) -> None:
    description = parse(read(name))
    assert description.bundle == tuple(media.mid for media in description.media)
    assert description.remote.setup == "actpass"
    assert description.remote.fingerprints[0].algorithm == "sha-256"
    assert len(description.remote.pwd) >= 22


@pytest.mark.parametrize(
    ("name", "opus", "video", "rtx"), [("chromium_publish", 111, 96, 97), ("firefox_publish", 109, 120, 124)]
)
def test_codecs_are_found_by_name_and_never_by_number(name: str, opus: int, video: int, rtx: int) -> None:
    mic, camera, camera_hd = parse(read(name)).media
    agreed = parameters.agree(mic)
    assert agreed is not None and (agreed.kind, agreed.codec.payload_type) == (Kind.AUDIO, opus)
    for media in (camera, camera_hd):
        agreed = parameters.agree(media)
        assert agreed is not None
        assert (agreed.kind, agreed.codec.payload_type, agreed.rtx_payload_type) == (Kind.VP8, video, rtx)
        assert agreed.ssrc == media.ssrcs[0] and agreed.rtx_ssrc == media.fid[agreed.ssrc]


@pytest.mark.parametrize("name", ["chromium_simulcast", "firefox_simulcast"])
def test_simulcast_is_taken_as_one_stream_of_unknown_ssrc_without_rtx(name: str) -> None:
    agreed = parameters.agree(parse(read(name)).media[1])
    assert agreed is not None and (agreed.ssrc, agreed.rtx_ssrc, agreed.rtx_payload_type) == (0, 0, 0)


def test_bundle_only_lines_with_port_0_are_not_rejected_ones() -> None:
    assert [media.rejected for media in parse(read("firefox_publish")).media] == [False, False, False]
    assert parse(read("firefox_publish").replace("a=bundle-only\r\n", "")).media[1].rejected


def test_extension_ids_are_mapped_by_uri() -> None:
    assert parameters.extensions(parse(read("chromium_publish")).media) == Extensions(4, 1, 2)
    assert parameters.extensions(parse(read("firefox_publish")).media) == Extensions(3, 1, 4)


def test_h264_is_taken_in_constrained_baseline_with_packetization_mode_1() -> None:
    text = read("chromium_publish").replace("VP8/90000", "VP7/90000")
    agreed = parameters.agree(parse(text).media[1])
    assert agreed is not None and agreed.kind is Kind.H264
    assert "packetization-mode=1;profile-level-id=42e01f" in agreed.codec.fmtp


def test_extension_ids_above_14_count_as_not_offered() -> None:
    text = read("chromium_publish").replace("a=extmap:4 urn", "a=extmap:15 urn")
    assert parameters.extensions(parse(text).media).mid == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("v=0", "v=1"),
        ("s=-", "t=0 0"),
        ("o=- 7704738241690049456 2", "o=- x 2"),
        ("m=audio 56264", "m=audio 99999999"),
        ("m=audio 56264", "m=audio 65536"),
        ("m=audio", "m=smell"),
        ("a=mid:0", "a=mid:"),
        ("a=mid:0", "a=mid:0\r\na=mid:9"),
        ("a=ice-ufrag:NNCU", "a=ice-ufrag:NN"),
        ("a=ice-pwd:sVqZCdWHLxTOJPWlCWMhjw47", "a=ice-pwd:short"),
        ("a=ice-pwd:sVqZCdWHLxTOJPWlCWMhjw47", "a=ice-pwd:sVqZCdWHLxTOJPWlCWMhjw4\u20ac"),
        ("a=fingerprint:sha-256 92:05", "a=fingerprint:sha-256 9205"),
        ("a=setup:actpass", "a=setup:both"),
        ("a=rtpmap:111 opus/48000/2", "a=rtpmap:200 opus/48000/2"),
        ("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus"),
        ("a=fmtp:111 minptime", "a=fmtp:x minptime"),
        ("a=fmtp:111 minptime", "a=fmtp:111 min\x00ptime"),
        ("a=rtcp-fb:111 transport-cc", "a=rtcp-fb:-1 transport-cc"),
        ("a=extmap:1 urn", "a=extmap:0 urn"),
        ("a=extmap:1 urn", "a=extmap:1"),
        ("a=ssrc:710058582 cname", "a=ssrc:9999999999 cname"),
        ("a=ssrc-group:FID ", "a=ssrc-group:FID x "),
        ("a=group:BUNDLE 0 1 2", "a=group:BUNDLE 0 1 \u20ac"),
        ("a=extmap-allow-mixed", "A=extmap-allow-mixed"),
        ("a=extmap-allow-mixed", ""),
        ("a=extmap-allow-mixed", "a=" + "x" * 5000),
    ],
)
def test_a_malformed_line_is_named(old: str, new: str) -> None:
    text = read("chromium_publish")
    assert old in text
    number = text[: text.index(old)].count("\n") + 1
    with pytest.raises(EngineError) as error:
        parse(text.replace(old, new, 1))
    assert line_of(error) in (number, number + 1)


def test_two_lines_with_one_mid_are_refused() -> None:
    with pytest.raises(EngineError, match="bad_sdp"):
        parse(read("chromium_publish").replace("a=mid:1", "a=mid:0"))


@pytest.mark.parametrize("text", ["", "\r\n", "v=0", "v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\n", "x" * 70000, "\x00"])
def test_what_is_no_description_is_refused(text: str) -> None:
    with pytest.raises(EngineError) as error:
        parse(text)
    line_of(error)


def test_too_many_lines_of_media_are_refused_at_the_first_that_is_too_many() -> None:
    head = read("chromium_publish").split("m=")[0]
    text = head + "m=audio 9 RTP/SAVPF 0\r\n" * (MAX_MEDIA + 1)
    with pytest.raises(EngineError) as error:
        parse(text)
    assert line_of(error) == head.count("\n") + MAX_MEDIA + 1


def test_64_kib_is_the_limit_in_octets_not_in_characters() -> None:
    text = read("chromium_publish") + ("a=x:" + "\u20ac" * 1000 + "\r\n") * 20
    assert len(text) < MAX_BYTES
    with pytest.raises(EngineError, match="bad_sdp"):
        parse(text)


def _parses_or_refuses(text: str) -> None:
    try:
        description = parse(text)
    except EngineError as error:
        assert error.code == "bad_sdp" and 1 <= error.data["line"] <= text.count("\n") + 1
        return
    for media in description.media:
        agreed = parameters.agree(media)
        assert agreed is None or 0 <= agreed.codec.payload_type <= 127
    parameters.extensions(description.media)


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    _parses_or_refuses(text)


@given(st.sampled_from(FIXTURES), st.data())
@settings(max_examples=300)
def test_no_mutation_of_a_real_offer_breaks_the_parser(name: str, data: st.DataObject) -> None:
    lines = read(name).split("\r\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "double", "swap", "cut", "insert", "letters"])):
            case "drop" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case "cut":
                lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
            case "insert":
                lines.insert(at, data.draw(st.text(max_size=40)))
            case _:
                place = data.draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:place] + data.draw(st.text(max_size=6)) + lines[at][place + 1 :]
    _parses_or_refuses(data.draw(st.sampled_from(["\r\n", "\n"])).join(lines))
