"""What every page knows about the site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The site's address and contact, and whether the local outbox exists.

    `seems_signed_in` is by the cookie alone, so that no page asks the database for its header.
    """
    return {
        "site_url": settings.SITE_URL,
        "contact_address": settings.CONTACT_ADDRESS,
        "embedded": settings.EMBEDDED,
        "seems_signed_in": settings.SIGNED_IN_COOKIE_NAME in request.COOKIES,
    }
