"""Where providers post what became of our mails. Anymail checks and reads the post; here it is only stored."""

from anymail.signals import tracking
from django.conf import settings
from django.core import checks
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alerts.digests import heard, providers
from config import clock

MOST_BYTES = 5_000_000
"""Providers post batches of some hundred kB, more than the forms of people may have."""


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def delivery_events(request: HttpRequest, name: str) -> HttpResponse:
    """Takes a provider's post; 400 without the right secret. Some providers look with HEAD whether there is anybody.

    A provider that nobody listens to, or whose posts anybody could forge, has no such address.
    """
    if request.method == "HEAD":
        return HttpResponse()
    provider = providers.listened_to().get(name)
    if provider is None or providers.lacking(provider):
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return HttpResponse("Too large.\n", status=413, content_type="text/plain")
    request._body = request.read()  # ahead of the limit that DATA_UPLOAD_MAX_MEMORY_SIZE sets to forms
    return _view(provider).as_view()(request)


def _view(provider: str) -> type:
    return import_string(f"anymail.webhooks.{providers.PROVIDERS[provider].webhook}")


def _store(sender, event, esp_name, **kwargs) -> None:
    heard.store(event, esp_name, clock.now())


tracking.connect(_store, dispatch_uid="hark.delivery_events")


def check(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Refuses webhooks that anybody could post to, and warns where nobody would hear of a bounce."""
    found: list[checks.CheckMessage] = []
    heard_of = providers.listened_to()
    for word in settings.WEBHOOKS:
        found += _trouble_with(heard_of[word]) if word in heard_of else [_unknown(word)]
    ours = providers.name()
    if ours in providers.PROVIDERS and providers.PROVIDERS[ours].webhook and providers.slug(ours) not in heard_of:
        found.append(
            checks.Warning(
                f"Mail goes out through {ours}, but nobody listens to what becomes of it.",
                hint=f"Have it post to /anymail/{providers.slug(ours)}/tracking/ and name it in HARK_WEBHOOKS.",
                id="hark.W001",
            )
        )
    return found


def _trouble_with(provider: str) -> list[checks.CheckMessage]:
    lacking = " and ".join(providers.lacking(provider))
    if lacking:
        return [
            checks.Error(
                f"Anybody could report bounces in the name of {provider}: HARK_ANYMAIL lacks {lacking}.",
                hint="WEBHOOK_SECRET is 'name:password', as in the address the provider posts to; the others it shows.",
                id="hark.E001",
            )
        ]
    try:
        _view(provider)()
    except Exception as error:
        return [checks.Error(f"What {provider} posts cannot be read: {error}", id="hark.E003")]
    return []


def _unknown(word: str) -> checks.CheckMessage:
    known = ", ".join(sorted(providers.slug(name) for name, about in providers.PROVIDERS.items() if about.webhook))
    return checks.Error(f"HARK_WEBHOOKS names {word!r}.", hint=f"It may name {known}.", id="hark.E002")
