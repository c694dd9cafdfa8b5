"""Make sure that Chromium and CJK fonts are there (``python tools/browser.py``); Debian's packages, if we may install.

Exit code 77 with a sentence: they are missing and cannot be installed here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NOT_AVAILABLE = 77
CHROMIUM = "chromium"
SHELL = "chromium-headless-shell"  # the same engine without windows or camera, for half of the processor; may lack
FONTS = ["fonts-noto-cjk", "fontconfig"]


def lacking() -> list[str]:
    """The Debian packages that are not there yet."""
    missing = []
    if shutil.which(CHROMIUM) is None:
        missing.append(CHROMIUM)
    found = shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout.strip()
    if not found:
        missing += FONTS
    return missing


def privilege() -> list[str] | None:
    """How to become root: no prefix, ``sudo -n``, or not at all (None)."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def install(packages: list[str]) -> str:
    """Install Debian packages; the reason why it did not work, or nothing."""
    prefix = privilege()
    if prefix is None:
        return "neither root nor sudo without a password"
    if shutil.which("apt-get") is None:
        return "no apt-get here"
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run([*prefix, *environment, "apt-get", *command], capture_output=True, text=True)
        if done.returncode:
            return f"apt-get {command[0]} failed: {(done.stderr.strip().splitlines() or ['no message'])[-1]}"
    return ""


def main() -> int:
    """Install what is missing; 0, or 77 with the reason."""
    missing = lacking()
    if not missing:
        return 0
    print(f"Installing {', '.join(missing)} …", flush=True)
    reason = install([*missing, SHELL]) and install(missing)  # an older Debian has no package of the shell alone
    reason = reason or (", ".join(lacking()) and "still missing after the installation")
    if reason:
        print(f"No {', '.join(missing)}: {reason}")
        return NOT_AVAILABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
