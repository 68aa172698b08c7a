"""Finds Debian's Chromium for the browser tests, and installs it where that may be done without asking."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")
APT = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium")
QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


def find_chromium():
    """The path of a Chromium on this machine (`HARK_TEST_CHROMIUM` names another), or None."""
    return os.environ.get("HARK_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def install_chromium():
    """Install Debian's package where it is missing, we are root and there is apt; else the tests say what they need."""
    if find_chromium() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the browser tests, once.", flush=True)
    if not _quietly(*APT):
        _quietly("apt-get", "update", "--quiet")
        _quietly(*APT)


def _quietly(*command):
    """Run it without its words; returns whether it ended well."""
    return not subprocess.call(command, env=os.environ | QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
