"""Places to start `./run` in."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.run.started import copy_project, remove_project


@pytest.fixture(scope="module")
def place():
    """A function that copies the project to a path below a folder of its own that every user may enter."""
    parent = Path(tempfile.mkdtemp(prefix="hark-run-test-"))
    parent.chmod(0o755)
    made = []

    def copy(path):
        target = parent / path
        target.parent.mkdir(parents=True, exist_ok=True)
        made.append(copy_project(target))
        return target

    yield copy
    for project in made:
        remove_project(project)
    shutil.rmtree(parent)
