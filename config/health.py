"""Whether the site of this machine answers, for a container's health check: `python -m config.health`."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def is_healthy():
    """Whether the front page is served, or rightly refused: anything but silence and errors of ours."""
    line = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
    host = urlsplit(os.environ["HARK_SITE_URL"]).netloc
    try:
        line.request("GET", "/", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return line.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False


if __name__ == "__main__":
    sys.exit(not is_healthy())
