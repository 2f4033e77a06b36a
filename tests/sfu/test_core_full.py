"""A link that takes no more: what does not fit is lost and counted, and the core goes on at once."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from signaling.sfu.core import open_core
from signaling.sfu.core_api import Kind, Profile
from tests.fixtures.prerequisites import require
from tests.sfu.core_endpoint import rtp, srtp_session
from tests.sfu.core_rig import Which, which_fixture  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent.parent
# 8 kbit/s towards an address that nobody has: what is sent stays in the queue and fills the socket's buffer
SETUP = """set -e
ip link set lo up && ip link add v0 type veth peer name v1 && ip addr add 10.77.0.1/24 dev v0
ip link set v0 up && ip link set v1 up && ip neigh add 10.77.0.2 lladdr 02:00:00:00:00:01 dev v0
tc qdisc add dev v0 root tbf rate 8kbit burst 2000 limit 10000000
"""
PACKETS = 200


UNSHARE = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]


def need_namespaces() -> None:
    for tool in ("unshare", "ip", "tc"):
        if shutil.which(tool) is None:
            require(tool, "Debian: apt install iproute2 util-linux")
    probe = subprocess.run([*UNSHARE, "sh", "-c", SETUP], capture_output=True, text=True)
    if probe.returncode:
        require("a network namespace with tbf", probe.stderr.strip())


def test_a_full_socket_loses_packets_and_blocks_nobody(which: Which) -> None:
    need_namespaces()
    command = [
        *UNSHARE,
        "sh",
        "-c",
        f'{SETUP}exec "$@"',
        "full",
        sys.executable,
        "-m",
        "tests.sfu.test_core_full",
        which,
    ]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)  # 8 kbit/s would take 200 s
    assert run.returncode == 0, run.stdout + run.stderr


def overfill(which: Which) -> None:
    """Inside the namespace: one subscriber behind the narrow link, one beside us."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as near,
    ):
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
        sock.bind(("0.0.0.0", 0))
        near.bind(("127.0.0.1", 0))
        address = ("127.0.0.1", sock.getsockname()[1])
        core = open_core(sock, which)
        key = bytes(28)
        publisher = core.add_peer(Profile.AEAD_AES_128_GCM, key, key)
        core.set_address(publisher, *near.getsockname())
        producer = core.add_producer(publisher, Kind.AUDIO, 1)
        far = core.add_peer(Profile.AEAD_AES_128_GCM, key, key)
        core.set_address(far, "10.77.0.2", 9)
        core.switch(core.add_consumer(far, Kind.AUDIO, 11, 100), producer)
        tx = srtp_session(Profile.AEAD_AES_128_GCM, key, sending=True)
        for seq in range(PACKETS):
            near.sendto(tx.protect(rtp(1, seq, bytes(1000))), address)
            core.pump()
        totals = core.totals()
        assert totals.packets_in == PACKETS
        assert totals.packets_out + totals.send_errors == PACKETS
        assert totals.packets_out > 0 < totals.send_errors


if __name__ == "__main__":
    overfill("native" if sys.argv[1] == "native" else "python")
