"""Pictures and sounds of simulated halls: encoded once, recognisable, small."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from server.simulate import clips
from server.simulate.clips import CAMERA, CAMERA_HD, SOUND_S, Clip, VideoFormat
from server.simulate.pictures import Look, pictures

LOOK = Look("Kaliabang Tengah", 4)
SMALL = VideoFormat("camera", (160, 90), 15, 60_000, 10, 2)


def bitrate(clip: Clip) -> float:
    return sum(map(len, clip.packets)) * 8 / (len(clip.packets) * clip.step_s)


def decoded(clip: Clip, codec: str) -> list[av.VideoFrame]:
    context = av.CodecContext.create(codec, "r")
    return [frame for packet in clip.packets for frame in context.decode(av.Packet(packet))]


def test_a_picture_is_encoded_once_and_read_back_the_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = clips.video(LOOK, SMALL, tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".mkv"]
    monkeypatch.setattr(clips, "_encode_video", lambda *arguments: pytest.fail("encoded again"))
    assert clips.video(LOOK, SMALL, tmp_path) == first


def test_a_hall_with_another_name_or_place_has_another_picture(tmp_path: Path) -> None:
    for look in (LOOK, Look("Pejuang", 4), Look("Kaliabang Tengah", 5)):
        clips.video(look, SMALL, tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_clip_decodes_whole_and_starts_anew_at_every_key_frame(tmp_path: Path) -> None:
    clip = clips.video(LOOK, SMALL, tmp_path)
    assert len(clip.packets) == SMALL.fps * SMALL.loop_s
    assert [number for number, key in enumerate(clip.keys) if key] == [0, 10, 20]
    frames = decoded(clip, "vp8")
    assert len(frames) == len(clip.packets) and (frames[0].width, frames[0].height) == SMALL.size


def test_formats_fit_what_a_publisher_may_send(tmp_path: Path) -> None:
    assert CAMERA.size == (320, 180) and CAMERA.fps == 15
    assert bitrate(clips.video(LOOK, CAMERA, tmp_path)) < 120_000
    assert CAMERA_HD.size <= (1280, 720) and CAMERA_HD.bitrate_bps <= 1_500_000
    assert CAMERA_HD.key_every / CAMERA_HD.fps <= 2 and CAMERA.key_every / CAMERA.fps <= 2


def test_halls_wear_colours_that_differ() -> None:
    backgrounds = {next(iter(pictures(Look("X", place), (64, 36), 1))).getpixel((63, 20)) for place in range(12)}
    assert len(backgrounds) == 12


def test_something_moves_from_picture_to_picture_and_the_name_is_really_there() -> None:
    still = list(pictures(LOOK, (320, 180), 4))
    assert len({picture.tobytes() for picture in still}) == 4
    name = still[0].crop((0, 30, 230, 104))
    white = sum(count for count, colour in name.getcolors(70000) or [] if colour == (255, 255, 255))
    assert white > 500


@pytest.mark.parametrize(("name", "least", "most"), [("murmur", 0, 8_000), ("speech", 12_000, 40_000)])
def test_a_speaking_hall_says_more_than_a_silent_one(name: str, least: int, most: int, tmp_path: Path) -> None:
    clip = clips.sound(LOOK, name, tmp_path)
    assert least < bitrate(clip) < most
    assert len(clip.packets) * clip.step_s == pytest.approx(SOUND_S, abs=0.1)
