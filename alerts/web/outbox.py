"""The local outbox of the embedded default: the mails that would have left this machine, to read in the browser."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import wraps
from itertools import takewhile
from pathlib import Path

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

MOST = 200
"""Mails in the list; older ones lie in the folder."""
SANDBOX = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": [SELF],
    # A link of a mail opens in a tab of its own, outside the sandbox, as it does from a mail program.
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
NEW_TABS = '<base target="_blank">'


@dataclass(frozen=True)
class Mail:
    """One .eml file of the outbox."""

    name: str
    message: EmailMessage
    written: datetime.datetime

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Its headers, in order."""
        return self.message.items()

    def body(self, kind: str) -> str:
        """The part of this kind (`plain` or `html`), or ''."""
        part = self.message.get_body((kind,))
        return part.get_content() if part else ""


def embedded_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The outbox exists in the embedded default only, and is not there in production."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.EMBEDDED:
            raise Http404
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return answer


@require_safe
@embedded_only
def outbox(request: HttpRequest) -> HttpResponse:
    """The mails, newest first."""
    files = _files()
    mails = [_head(path) for path in files[:MOST]]
    return render(request, "alerts/outbox.html", {"mails": mails, "folder": settings.OUTBOX, "total": len(files)})


@require_safe
@embedded_only
def outbox_mail(request: HttpRequest, name: str, part: str) -> HttpResponse:
    """One mail: as HTML (in a frame), as text, or with its headers."""
    found = mail(_file(name))
    context = {"mail": found, "part": part, "text": found.body("plain"), "has_html": bool(found.body("html"))}
    return render(request, "alerts/outbox_mail.html", context)


@require_safe
@embedded_only
@csp(SANDBOX)
@xframe_options_sameorigin
def outbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part of a mail as it is, under a policy that lets it do nothing."""
    html = mail(_file(name)).body("html")
    head = html.lower().find("<head>")
    at = head + len("<head>") if head >= 0 else 0
    return HttpResponse(html[:at] + NEW_TABS + html[at:])


@require_safe
@embedded_only
def outbox_raw(request: HttpRequest, name: str) -> HttpResponse:
    """The .eml file."""
    return HttpResponse(
        _file(name).read_bytes(),
        content_type="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def mail(path: Path) -> Mail:
    """The mail in a file."""
    return _of(path, path.read_bytes())


def _head(path: Path) -> Mail:
    """The mail in a file as far as a list shows it: its headers."""
    with path.open("rb") as file:
        head = b"".join(takewhile(bytes.strip, file))
    return _of(path, head)


def _of(path: Path, written: bytes) -> Mail:
    at = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
    return Mail(path.name, message_from_bytes(written, policy=policy.default), at)


def _files() -> list[Path]:
    """The files of the folder itself, newest first; no link out of it is followed."""
    if not settings.OUTBOX.is_dir():
        return []
    files = [path for path in settings.OUTBOX.glob("*.eml") if path.is_file() and not path.is_symlink()]
    return sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def _file(name: str) -> Path:
    """The file of this name among those listed, so that no name leads anywhere else. Raises Http404."""
    for path in _files():
        if path.name == name:
            return path
    raise Http404
