"""What every page knows about the site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The site's address and contact, and whether the local outbox exists."""
    return {
        "site_url": settings.SITE_URL,
        "contact_address": settings.CONTACT_ADDRESS,
        "embedded": settings.EMBEDDED,
    }
