"""The servers every test stands on."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from config import celery_app
from config.binaries import ServerError, find_postgres, find_valkey


@pytest.mark.django_db
def test_the_database_is_a_real_postgresql_of_the_version_we_prefer():
    assert connection.vendor == "postgresql"
    assert connection.pg_version // 10000 == find_postgres().major


@pytest.mark.django_db
def test_letters_beyond_ascii_fold_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ÉIRE'), 'élan' < 'zoo'")
        assert cursor.fetchone()[0] == "éire"


def test_the_broker_takes_a_message_and_gives_it_back(broker):
    with celery_app.connection_for_write() as line:
        queue = line.SimpleQueue("from_a_test")
        queue.put({"hello": "world"})
        assert queue.get(timeout=5).payload == {"hello": "world"}


def test_a_child_process_works_on_the_database_of_the_test(child_environment):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seen_by_both AS SELECT 42 AS answer")
    try:
        code = (
            "import django; django.setup(); from django.db import connection; c = connection.cursor();"
            "c.execute('SELECT answer FROM seen_by_both'); print(c.fetchone()[0])"
        )
        done = subprocess.run([sys.executable, "-c", code], env=child_environment, capture_output=True, text=True)
        assert done.stdout == "42\n", done.stderr
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE seen_by_both")


def test_data_of_another_major_version_are_refused_with_words():
    with pytest.raises(ServerError, match=r"written by PostgreSQL 9; found here: .*Upgrading"):
        find_postgres(9)


def test_the_programs_are_found_and_can_be_run():
    for program in (find_postgres().program("postgres"), find_postgres().program("initdb"), find_valkey()):
        assert os.access(program, os.X_OK)
