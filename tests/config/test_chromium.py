"""The browser for the tests: found, or installed where that may be done."""

import os

import pytest

from config.chromium import find_chromium, install_chromium


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine whose programs are those that are added here; its apt writes down what it was told."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("HARK_TEST_CHROMIUM", raising=False)

    def add(name, words="#!/bin/sh\n"):
        (tmp_path / name).write_text(words)
        (tmp_path / name).chmod(0o755)
        return str(tmp_path / name)

    return add


@pytest.fixture
def apt(machine, tmp_path):
    """What the machine's apt was told, a line for each time."""
    machine("apt-get", f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> {tmp_path}/told\n')
    return lambda: (tmp_path / "told").read_text().splitlines() if (tmp_path / "told").exists() else []


def test_a_chromium_of_the_machine_is_found_or_the_one_that_is_named(machine, monkeypatch):
    assert find_chromium() is None
    program = machine("chromium-browser")
    assert find_chromium() == program
    monkeypatch.setenv("HARK_TEST_CHROMIUM", "/elsewhere/chromium")
    assert find_chromium() == "/elsewhere/chromium"


def test_it_is_installed_by_root_alone(apt, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    install_chromium()
    assert apt() == []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    install_chromium()
    assert apt() == ["noninteractive install --yes --quiet --no-install-recommends chromium"]


def test_it_is_not_installed_twice(apt, machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    machine("chromium")
    install_chromium()
    assert apt() == []
