"""Pictures and sounds encoded once to VP8 and Opus, kept in the user's cache as files any player opens."""

from __future__ import annotations

import array
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from server.simulate import sounds
from server.simulate.pictures import Look, pictures

VERSION = 3  # raise when a picture or sound is drawn differently
SOUND_S = 4


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """key_every: frames between key frames; a joiner waits at most that long for a picture. loop_s: seconds."""

    name: str
    size: tuple[int, int]
    fps: int
    bitrate_bps: int
    key_every: int
    loop_s: int


CAMERA = VideoFormat("camera", (320, 180), 15, 90_000, 30, 4)
CAMERA_HD = VideoFormat("camera_hd", (960, 540), 15, 550_000, 15, 3)
OPUS_FRAME_S = 0.06  # 17 packets a second instead of 50: twelve halls share two cores with a browser
SOUNDS: dict[str, tuple[Callable[[int, float], array.array[int]], int]] = {
    "murmur": (sounds.murmur, 6_000),
    "speech": (sounds.speech, 28_000),
}


@dataclass(frozen=True, slots=True)
class Clip:
    """Encoded packets that loop. step_s: seconds from one to the next. keys: which of them start a picture anew."""

    packets: tuple[bytes, ...]
    keys: tuple[bool, ...]
    step_s: float


def cache_folder() -> Path:
    return Path.home() / ".cache" / "pleno" / "simulate"


def video(look: Look, form: VideoFormat, folder: Path) -> Clip:
    """The hall's picture in this format, from the cache or encoded now (about a second for a thumbnail)."""
    key = f"{look} {form}"
    return _cached(folder, form.name, key, 1 / form.fps, lambda path: _encode_video(path, look, form))


def sound(look: Look, name: str, folder: Path) -> Clip:
    """`murmur` or `speech` of this hall."""
    make, bitrate_bps = SOUNDS[name]
    key = f"{look.place} {name} {bitrate_bps} {SOUND_S}"

    def encode(path: Path) -> None:
        _encode_sound(path, make(look.place, SOUND_S), bitrate_bps)

    return _cached(folder, name, key, OPUS_FRAME_S, encode)


def _cached(folder: Path, name: str, key: str, step_s: float, encode: Callable[[Path], None]) -> Clip:
    digest = hashlib.sha256(f"{VERSION} {av.__version__} {key}".encode()).hexdigest()[:16]
    path = folder / f"{name}-{digest}.mkv"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        encode(partial)
        partial.replace(path)
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux() if packet.size]
    return Clip(tuple(bytes(packet) for packet in packets), tuple(packet.is_keyframe for packet in packets), step_s)


def _encode_video(path: Path, look: Look, form: VideoFormat) -> None:
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("libvpx", rate=form.fps)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = form.size
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = form.bitrate_bps
        stream.codec_context.gop_size = form.key_every
        stream.codec_context.options = {
            "deadline": "realtime",
            "cpu-used": "8",
            "lag-in-frames": "0",
            "auto-alt-ref": "0",
        }
        stream.codec_context.time_base = Fraction(1, form.fps)
        for number, picture in enumerate(pictures(look, form.size, form.loop_s * form.fps)):
            container.mux(stream.encode(_frame(picture, number, form)))
        container.mux(stream.encode(None))


def _frame(picture: Image.Image, number: int, form: VideoFormat) -> av.VideoFrame:
    frame: av.VideoFrame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
    frame.pts, frame.time_base = number, Fraction(1, form.fps)
    if number % form.key_every == 0:
        frame.pict_type = av.video.frame.PictureType.I
    return frame


def _encode_sound(path: Path, samples: array.array[int], bitrate_bps: int) -> None:
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("libopus", rate=sounds.RATE, layout="mono")
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = bitrate_bps
        stream.codec_context.options = {"frame_duration": str(round(OPUS_FRAME_S * 1000)), "application": "voip"}
        for start, part in _parts(samples, int(sounds.RATE * OPUS_FRAME_S)):
            frame = av.AudioFrame("s16", "mono", len(part))
            frame.planes[0].update(part.tobytes())
            frame.sample_rate, frame.pts, frame.time_base = sounds.RATE, start, Fraction(1, sounds.RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _parts(samples: array.array[int], size: int) -> Iterable[tuple[int, array.array[int]]]:
    return ((start, samples[start : start + size]) for start in range(0, len(samples) - size + 1, size))
