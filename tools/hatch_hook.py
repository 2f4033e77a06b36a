"""Build hook of the wheel: carries the built client and the native core, building what is not there yet."""

import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]
    """An editable install takes the tree as it is; a wheel builds both parts first."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        for tool in ("build_core.py", "build_client.py"):
            subprocess.run([sys.executable, str(root / "tools" / tool)], check=True, cwd=root)
        if (root / "signaling/sfu/_core.so").exists():
            # a plain shared library, loaded through cffi's ABI mode: bound to the platform, not to a Python version
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"py3-none-{platform}"
            build_data["pure_python"] = False
