"""The server itself: its log, its time, faults, and being away."""

import gzip
import json
import socket
import time
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection, HTTPException, IncompleteRead

import pytest

import rehearsal
from rehearsal import FixedWorld, Record, faults
from tests.rehearsal.reading import QUESTIONS, ask, ids, listed, one

NOON = datetime(2031, 1, 17, 12, tzinfo=UTC)


def question(id):
    return Record(id, str(id), date(2031, 1, 6), date(2031, 1, 13), f"To ask about lamp {id}.")


@pytest.fixture
def server():
    with rehearsal.serve(FixedWorld(question(id) for id in range(1, 31)), NOON) as running:
        yield running


def connect(server):
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=5)
    connection.sendall(f"GET {QUESTIONS} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection


def test_the_log_tells_what_was_asked_when(server):
    listed(server, take=5, answeringBodies=[1, 2])
    server.now = NOON + timedelta(hours=1)
    one(server, 7)
    first, second = server.requests
    assert first.path == QUESTIONS and first.parameters == {"take": ["5"], "answeringBodies": ["1", "2"]}
    assert (first.at, second.at) == (NOON, NOON + timedelta(hours=1))
    assert second.path == f"{QUESTIONS}/7" and second.real >= first.real


def test_a_connection_serves_many_requests(server):
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    for id_ in range(1, 6):
        connection.request("GET", f"{QUESTIONS}/{id_}")
        assert json.loads(connection.getresponse().read())["value"]["id"] == id_
    connection.close()


def test_its_time_needs_a_zone(server):
    with pytest.raises(ValueError, match="zone"):
        server.now = datetime(2031, 1, 1)
    assert server.now == NOON


def test_rows_that_arrive_while_one_pages_push_others_onto_the_next_page(server):
    def arrive(request):
        if request.parameters.get("skip") == ["20"]:
            server.world.put(question(31), question(32))

    server.before = arrive
    first, second = ids(server, skip=0), ids(server, skip=20)
    assert set(first) & set(second) == {11, 12}
    assert {31, 32}.isdisjoint(first + second)


def test_an_answer_given_while_one_pages_moves_a_row_to_a_page_already_read(server):
    first = ids(server)
    server.world.put(question(3).answered(date(2031, 1, 9), "<p>Lit.</p>", by=990002))
    second = ids(server, skip=20)
    assert 3 not in first + second
    assert ids(server)[0] == 3


def test_a_vanished_question_is_gone_from_the_list_and_its_detail_is_404(server):
    server.world.remove(4)
    assert 4 not in ids(server, take=100) and one(server, 4) is None


@pytest.mark.parametrize("code", [429, 500, 503])
def test_an_error_status_comes_with_retry_after_only_if_asked(server, code):
    server.faults.inject(faults.status(code, retry_after=120))
    server.faults.inject(faults.status(code))
    first, second, third = (ask(server, QUESTIONS) for _ in range(3))
    assert (first[0], first[1]["Retry-After"]) == (code, "120")
    assert (second[0], second[1]["Retry-After"]) == (code, None)
    assert third[0] == 200


def test_a_fault_lasts_for_its_requests_or_until_it_is_lifted(server):
    server.faults.inject(faults.status(500), times=2)
    assert [ask(server, QUESTIONS)[0] for _ in range(3)] == [500, 500, 200]
    server.faults.inject(faults.status(503), times=None)
    assert [ask(server, QUESTIONS)[0] for _ in range(5)] == [503] * 5
    server.faults.lift()
    assert ask(server, QUESTIONS)[0] == 200


def test_a_fault_can_wait_for_the_request_it_is_meant_for(server):
    server.faults.inject(faults.html(), only=lambda request: request.path.endswith("/9"))
    assert one(server, 8)["id"] == 8
    status, headers, body = ask(server, f"{QUESTIONS}/9")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body.startswith(b"<!DOCTYPE html>")
    assert one(server, 9)["id"] == 9


def test_other_things_than_were_asked_for(server):
    server.faults.inject(faults.empty())
    server.faults.inject(faults.without_results())
    server.faults.inject(faults.redirect("https://elsewhere.invalid/"))
    assert ask(server, QUESTIONS)[2] == b""
    assert json.loads(ask(server, QUESTIONS)[2])["status"] == 500
    status, headers, _ = ask(server, QUESTIONS)
    assert (status, headers["Location"]) == (302, "https://elsewhere.invalid/")


def test_a_body_that_breaks_off_is_shorter_than_it_says(server):
    server.faults.inject(faults.cut_off())
    with pytest.raises(IncompleteRead) as broken:
        ask(server, QUESTIONS)
    assert broken.value.partial.startswith(b'{"totalResults":30')


def test_a_connection_can_be_dropped_without_a_word(server):
    server.faults.inject(faults.drop())
    with pytest.raises((HTTPException, ConnectionError)):
        ask(server, QUESTIONS)


@pytest.mark.parametrize(("fault", "ends"), [(faults.slow_headers, False), (faults.slow_body, True)])
def test_a_drip_goes_on_until_the_server_stops(server, fault, ends):
    server.faults.inject(fault(interval=0.002))
    connection = connect(server)
    received = b""
    while len(received) < 200:
        received += connection.recv(1000)
    assert (b"\r\n\r\n" in received) is ends
    server.stop()
    while connection.recv(1000):
        pass
    connection.close()


def test_a_gzip_bomb_is_small_on_the_way_and_huge_when_unpacked(server):
    server.faults.inject(faults.gzip_bomb(megabytes=20))
    connection = connect(server)
    received = b""
    while piece := connection.recv(65536):
        received += piece
    connection.close()
    head, packed = received.split(b"\r\n\r\n", 1)
    assert b"Content-Encoding: gzip" in head
    assert len(packed) < 100_000 and len(gzip.decompress(packed)) > 20_000_000


def test_a_body_packed_twice_says_so(server):
    server.faults.inject(faults.double_gzip(b'{"a": 1}'))
    _, headers, body = ask(server, QUESTIONS)
    assert headers["Content-Encoding"] == "gzip, gzip"
    assert gzip.decompress(gzip.decompress(body)) == b'{"a": 1}'


def test_while_it_is_down_connections_are_refused_and_open_ones_break(server):
    kept = HTTPConnection("127.0.0.1", server.port, timeout=5)
    kept.request("GET", QUESTIONS)
    kept.getresponse().read()
    port = server.port
    with server.down():
        with pytest.raises(ConnectionRefusedError):
            ask(server, QUESTIONS)
        with pytest.raises((HTTPException, ConnectionError)):
            kept.request("GET", QUESTIONS)
            kept.getresponse()
    assert server.port == port and listed(server)["totalResults"] == 30


def test_the_front_page_says_that_it_is_not_parliament(server):
    status, _, body = ask(server, "/")
    text = body.decode()
    assert status == 200 and "not</strong> Parliament" in text
    assert "Friday 17 January 2031, 12:00" in text and "30 written questions" in text
    assert server.requests == []


def post(server, path, body):
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("POST", path, body)
    response = connection.getresponse()
    answer = response.status, response.read().decode().strip()
    connection.close()
    return answer


def test_a_time_that_stands_still_is_moved_by_post_and_told_by_get(server):
    assert post(server, "/rehearsal/now", "2031-02-03T04:05:06+00:00") == (200, "2031-02-03T04:05:06+00:00")
    assert ask(server, "/rehearsal/now")[2].strip() == b"2031-02-03T04:05:06+00:00"
    assert post(server, "/rehearsal/now", "2031-02-03T04:05:06")[0] == 400
    assert post(server, "/rehearsal/now", "tomorrow")[0] == 400
    assert server.now == datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert post(server, QUESTIONS, "{}")[0] == 405


def test_a_time_that_runs_cannot_be_set(monkeypatch, tmp_path):
    clock = tmp_path / "clock.json"
    clock.write_text(json.dumps({"real": time.time(), "fictional": NOON.isoformat(), "rate": 1}))
    monkeypatch.setenv("HARK_CLOCK", str(clock))
    with rehearsal.serve(FixedWorld()) as server:
        assert post(server, "/rehearsal/now", NOON.isoformat())[0] == 409
        assert server.now - NOON < timedelta(minutes=5)
