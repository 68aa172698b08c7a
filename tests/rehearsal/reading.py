"""A plain reader of the API for these tests: standard library only, nothing of the product."""

import gzip
import json
from http.client import HTTPConnection
from urllib.parse import urlencode

QUESTIONS = "/api/writtenquestions/questions"


def ask(server, path, headers=None, **parameters):
    """Status, headers and body (bytes, unpacked) of one GET."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(
            "GET", path + ("?" + urlencode(parameters, True) if parameters else ""), headers=headers or {}
        )
        response = connection.getresponse()
        body = response.read()
        if response.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return response.status, response.headers, body
    finally:
        connection.close()


def listed(server, **parameters):
    """The envelope of a list."""
    status, _, body = ask(server, QUESTIONS, **parameters)
    assert status == 200, body
    return json.loads(body)


def ids(server, **parameters):
    """The ids of a list, in its order."""
    return [entry["value"]["id"] for entry in listed(server, **parameters)["results"]]


def one(server, address, **parameters):
    """The value of a detail, or None where it answers 404."""
    status, _, body = ask(server, f"{QUESTIONS}/{address}", **parameters)
    return None if status == 404 else json.loads(body)["value"]
