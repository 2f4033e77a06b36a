"""Our answers and offers, read back by our own parser and by aiortc's."""

from __future__ import annotations

from aiortc import sdp as aiortc_sdp

from signaling.sfu import parameters
from signaling.sfu.core_api import Kind
from signaling.sfu.sdp import parse
from signaling.sfu.sdp_write import Local, OfferedSlot, publish_answer, subscribe_offer
from tests.sfu.test_sdp import read

FINGERPRINT = ("sha-256", ":".join(["AB"] * 32))
LOCAL = Local("ufrag1", "p" * 24, FINGERPRINT, [("192.0.2.7", 8080), ("2001:db8::7", 8080)], 3)
SLOTS = [
    OfferedSlot(Kind.AUDIO, 11, 0, "audio0"),
    OfferedSlot(Kind.VP8, 21, 22, "stage1"),
    OfferedSlot(Kind.H264, 31, 32, "thumb2"),
]


def answer_to(name: str, *sending: str) -> str:
    offer = parse(read(name))
    agreed = {media.mid: chosen for media in offer.media if (chosen := parameters.agree(media)) is not None}
    return publish_answer(offer, agreed, set(sending), LOCAL)


def test_an_answer_takes_what_is_sent_and_leaves_the_rest_inactive() -> None:
    text = answer_to("chromium_publish", "0", "1")
    answer = parse(text)
    assert [media.direction for media in answer.media] == ["recvonly", "recvonly", "inactive"]
    assert [list(media.codecs) for media in answer.media] == [[111], [96, 97], [96, 97]]
    assert answer.bundle == ("0", "1", "2")
    assert answer.remote.setup == "passive" and "a=ice-lite" in text


def test_an_answer_echoes_ids_of_extensions_we_use_and_no_others() -> None:
    mic, camera, _ = parse(answer_to("firefox_publish", "0", "1", "2")).media
    assert mic.extensions == {parameters.URI_MID: 3, parameters.URI_AUDIO_LEVEL: 1}
    assert camera.extensions == {parameters.URI_MID: 3, parameters.URI_ABS_SEND_TIME: 4}


def test_opus_is_asked_to_save_silence_and_to_repair_itself() -> None:
    codec = parse(answer_to("chromium_publish", "0")).media[0].codecs[111]
    assert codec.parameter("usedtx") == "1" and codec.parameter("useinbandfec") == "1"


def test_simulcast_is_not_answered() -> None:
    text = answer_to("chromium_simulcast", "0", "1")
    assert "simulcast" not in text and "rid" not in text.replace("urn:", "") and "rtx" not in text


def test_a_data_channel_is_refused_and_left_out_of_the_bundle() -> None:
    answer = parse(answer_to("chromium_datachannel", "0"))
    kinds = {media.kind: media.rejected for media in answer.media}
    assert kinds["application"] and not kinds["audio"]
    assert answer.bundle == ("0",)


def test_media_ssrcs_stand_before_rtx_ssrcs() -> None:
    text = subscribe_offer(SLOTS, LOCAL)
    assert text.index("a=ssrc:21 ") < text.index("a=ssrc:22 ")
    assert parse(text).media[1].fid == {21: 22}


def test_an_offer_reads_back_with_one_codec_a_slot_and_every_candidate() -> None:
    offer = parse(subscribe_offer(SLOTS, LOCAL))
    assert [parameters.find(media, slot.kind) is not None for media, slot in zip(offer.media, SLOTS, strict=True)] == [
        True
    ] * 3
    assert [media.mid for media in offer.media] == ["0", "1", "2"]
    assert all(media.direction == "sendonly" and media.rtcp_mux for media in offer.media)
    upstream = aiortc_sdp.SessionDescription.parse(subscribe_offer(SLOTS, LOCAL))
    for media in upstream.media:
        assert media.ice_candidates_complete and media.ice.iceLite
        assert [candidate.ip for candidate in media.ice_candidates] == ["192.0.2.7", "2001:db8::7"]
    first, second = upstream.media[0].ice_candidates
    assert first.priority > second.priority and first.foundation != second.foundation
