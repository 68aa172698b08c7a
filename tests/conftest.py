"""What every test may use."""

import json
import os

import django
import pytest
from django.apps import apps
from django.db.models.signals import post_migrate
from hypothesis import settings

from tests import servers

servers.prepare_environment()
django.setup()

# A property is tried on a moderate number of examples, on 1,000 where CI is set. What fails comes with a line that
# repeats it, since each run draws new ones.
settings.register_profile("moderate", max_examples=100, deadline=None, derandomize=False)
settings.register_profile("ci", max_examples=1_000, deadline=None, derandomize=False, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "moderate")


def pytest_configure(config):
    """Start the servers now where workers will share them; else the first test that needs them does."""
    if getattr(config.option, "numprocesses", None):
        servers.start()
        # A worker that inherited it would have its settings read before it has an environment of its own.
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_collection_modifyitems(items):
    """Long tests first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: not item.get_closest_marker("slow"))


def pytest_unconfigure(config):
    servers.stop()


def put_the_counter_back(**_):
    """A test with real transactions ends by emptying every table; the counter's one row comes with the migrations."""
    from alerts.models import Counter

    Counter.objects.get_or_create(pk=1)


post_migrate.connect(put_the_counter_back, sender=apps.get_app_config("alerts"))


@pytest.fixture(scope="session")
def running_servers():
    """PostgreSQL and Valkey, running."""
    servers.start()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(running_servers, django_db_modify_db_settings_parallel_suffix):
    """Before pytest-django makes the test database: have the servers running, and a database for each worker."""


@pytest.fixture
def broker(running_servers):
    """The address of a real broker with nothing in it."""
    from config import celery_app

    with celery_app.connection_for_write() as connection:
        connection.default_channel.client.flushdb()
    return os.environ["HARK_BROKER_URL"]


@pytest.fixture
def rung(broker):
    """A function that gives the bells waiting in the broker, by queue."""
    from config import celery_app

    def waiting() -> dict[str, list[str]]:
        with celery_app.connection_for_write() as connection:
            client = connection.default_channel.client
            queues = {queue: client.lrange(queue, 0, -1) for queue in ("poll", "percolate", "deliver", "beat")}
        return {
            queue: [json.loads(bell)["headers"]["task"] for bell in bells] for queue, bells in queues.items() if bells
        }

    return waiting


@pytest.fixture
def child_environment(transactional_db, broker):
    """The environment for a process of ours that works on this test's database and broker."""
    from django.db import connection

    path, _, query = os.environ["DATABASE_URL"].partition("?")
    database = f"{path.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{query}"
    return {**os.environ, "DATABASE_URL": database.rstrip("?")}
