"""Headers of pages that only who has their address can open, and answers that are headers alone."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for the holder of its link alone: not indexed, not stored, and its address is told to nobody.

    Browsers then send `Origin: null` with the page's own forms, which the check against cross-site posts must refuse.
    So these views are exempt from it: without the link nobody can make such a post, and with it nobody needs to.
    """

    @wraps(view)
    def answer(*args: object, **kwargs: object) -> HttpResponse:
        response = unlisted(view(*args, **kwargs))
        response["Cache-Control"] = "private, no-store"
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


def unlisted(response: HttpResponse) -> HttpResponse:
    """The response, whose address neither search engines nor the sites it links to shall learn."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def head_is_headers_alone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an answer to HEAD has the headers of the page and no body, which the server would complain of."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "HEAD" and not response.streaming:
            response.content = b""
        return response

    return answer
