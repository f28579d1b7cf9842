"""Brings the Debian packages that the tests need. Runs before anything is installed: standard library only.

    python3 tests/support/system_packages.py            install what is missing, or say how
    python3 tests/support/system_packages.py --check    only say

Installed servers are not started: the tests start private ones of their own.
"""

import glob
import os
import shlex
import shutil
import subprocess
import sys

# Package -> what shows that it is there: a program in PATH, or a file.
NEEDED = {
    "postgresql": "/usr/lib/postgresql/*/bin/postgres",
    "redis-server": "redis-server",
    "chromium": "chromium",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "libreoffice-writer-nogui": "/usr/lib/libreoffice/program/libswlo.so",
    "libreoffice-calc-nogui": "/usr/lib/libreoffice/program/libsclo.so",
    "libreoffice-impress-nogui": "/usr/lib/libreoffice/program/libsdlo.so",
    "fonts-liberation": "/usr/share/fonts/truetype/liberation*/LiberationSans-Regular.ttf",
}

# Debian asks this file before it starts a service; 101 means no. One that is there already is left alone.
INSTALL = """
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\\nexit 101\\n' > "$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends "$@"
"""


def missing() -> list[str]:
    return [package for package, sign in NEEDED.items() if not _is_there(sign)]


def _is_there(sign: str) -> bool:
    return bool(glob.glob(sign)) if sign.startswith("/") else shutil.which(sign) is not None


def apt_command(packages: list[str]) -> str:
    """What a person types to get `packages`."""
    return f"sudo apt-get install {' '.join(packages)}"


def _root() -> list[str] | None:
    """What to put before a command to run it as root; None if that is not possible without asking."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def main(arguments: list[str]) -> int:
    packages = missing()
    if not packages:
        return 0
    say = sys.stderr.write
    say(f"The tests need Debian packages that are not installed: {' '.join(packages)}\n")
    root = _root()
    if "--check" in arguments or root is None or shutil.which("apt-get") is None:
        say(f"Run: {apt_command(packages)}\n")
        return 1
    done = subprocess.run([*root, "sh", "-c", INSTALL, "sh", *packages], stdin=subprocess.DEVNULL)
    still = missing()
    if done.returncode or still:
        say(f"apt-get could not install {shlex.join(still or packages)} (see above). Run: {apt_command(packages)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
