"""The styleguide: every component that the pages are made of, in every state, from the pages' own templates."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from alerts.web import styleguide_samples as samples
from alerts.web.styleguide_components import components
from alerts.web.styleguide_states import Component

_IDS = re.compile(r'\b(id|for|list|aria-describedby|aria-labelledby)="([^"]+)"')
_TO_IDS = re.compile(r'(href="#|url\(#)([\w-]+)')
_RADIOS = re.compile(r'(<input type="radio"[^>]* name=")([\w-]+)')
_LANDMARK = re.compile(r'(<(?:section|nav|form)\b[^>]* aria-label="[^"]+)"')


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components, each state with what it looks like."""
    shown = [(component, list(_states(request, component))) for component in components()]
    return render(request, "styleguide.html", {"components": shown, "tokens": samples.TOKENS})


def _states(request: HttpRequest, component: Component):
    for number, state in enumerate(component.states, start=1):
        html = render_to_string(state.template, state.given, request)
        yield state.name, apart(html, f"{component.name} {number}".lower().replace(" ", "-"), state.name)


def apart(html: str, mark: str, name: str) -> SafeString:
    """The same with ids, groups of radio buttons and landmarks of its own, for many states stand on one page."""
    html = _IDS.sub(lambda found: f'{found[1]}="{" ".join(f"{one}-{mark}" for one in found[2].split())}"', html)
    html = _RADIOS.sub(rf"\1\2-{mark}", _TO_IDS.sub(rf"\1\2-{mark}", html))
    html = _LANDMARK.sub(rf'\1, {name}"', html).replace('role="search">', f'role="search" aria-label="{name}">')
    return mark_safe(html.replace(" autofocus", ""))
