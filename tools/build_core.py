"""Compiles the native forwarding core into signaling/sfu/_core.so; says why and exits 0 where that is impossible.

    python tools/build_core.py [--force] [--require]

--require turns "impossible" into exit status 1.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SFU = Path(__file__).resolve().parent.parent / "signaling" / "sfu"
NATIVE = SFU / "native"
TARGET = SFU / "_core.so"
FLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-fvisibility=hidden", "-shared", "-fPIC"]
PROBE = "#include <openssl/evp.h>\n#if OPENSSL_VERSION_NUMBER < 0x30000000L\n#error too old\n#endif\n"


def sources() -> list[Path]:
    """The C files of the core, fuzz targets left out."""
    return sorted(path for path in NATIVE.glob("*.c") if not path.name.startswith("fuzz_"))


def source_hash() -> str:
    """Of every file and flag that the library depends on."""
    digest = hashlib.sha256(" ".join(FLAGS).encode())
    for path in [*sources(), *sorted(NATIVE.glob("*.h"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the library was built from these very sources: their hash is a string inside it."""
    return TARGET.exists() and f"pleno-core {source_hash()}".encode() in TARGET.read_bytes()


def why_impossible(compiler: list[str]) -> str | None:
    """What this machine lacks, in a person's words; None when nothing."""
    if not shutil.which(compiler[0]):
        return f"no C compiler ({compiler[0]}); Debian: apt install gcc"
    probe = subprocess.run([*compiler, "-fsyntax-only", "-xc", "-"], input=PROBE, text=True, capture_output=True)
    return "no OpenSSL 3 headers; Debian: apt install libssl-dev" if probe.returncode else None


def build(compiler: list[str]) -> str | None:
    """Compile and put the library in place in one step. Returns the compiler's complaint, None when it has none."""
    handle, name = tempfile.mkstemp(suffix=".so", dir=SFU)
    os.close(handle)
    stamp = f'-DCORE_SOURCES="pleno-core {source_hash()}"'
    command = [*compiler, *FLAGS, stamp, "-o", name, *map(str, sources()), "-lcrypto"]
    result = subprocess.run(command, text=True, capture_output=True)
    if result.returncode:
        os.unlink(name)
        return result.stderr.strip()
    os.chmod(name, 0o755)
    os.replace(name, TARGET)
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the native forwarding core.")
    parser.add_argument("--force", action="store_true", help="build even when the library is current")
    parser.add_argument("--require", action="store_true", help="fail where the core cannot be built")
    options = parser.parse_args()
    if is_current() and not options.force:
        print("native core: current")
        return 0
    compiler = shlex.split(os.environ.get("CC", "cc"))
    reason = why_impossible(compiler) or build(compiler)
    if reason is None:
        print("native core: built")
        return 0
    print(f"native core: not built, the pure-Python one will run ({reason})", file=sys.stderr)
    return 1 if options.require else 0


if __name__ == "__main__":
    sys.exit(main())
