"""The pace at which a host is asked, all sources on it and all our machines together."""

from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_address

from django.conf import settings
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F
from django.db.models.functions import Greatest, Least
from publicsuffixlist import PublicSuffixList

from alerts.models import Host
from alerts.sources import guard

TIMES_RARER = 10
"""Many people's sites share a host: it is asked this many times more rarely than a service that we may ask fast."""
LARGEST_GAP = timedelta(minutes=15)


def host_of(url: str) -> str:
    """The registrable host of an address whatever its subdomain; host and port of a number or of what is excepted."""
    target = guard.target(url)
    if target.is_excepted or _is_number(target.host):
        return f"{target.host}:{target.port}"
    return _suffixes().privatesuffix(target.host) or target.host


def reserve(url: str, moment: datetime) -> datetime | None:
    """Takes the host's next slot if it has come by `moment`; else takes nothing and gives when it comes."""
    name = host_of(url)
    Host.objects.bulk_create([Host(name=name, gap=smallest_gap(), next_at=moment)], ignore_conflicts=True)
    after = ExpressionWrapper(moment + F("gap"), output_field=DateTimeField())
    if Host.objects.filter(name=name, next_at__lte=moment).update(next_at=after):
        return None
    return Host.objects.values_list("next_at", flat=True).get(name=name)


def slow_down(url: str) -> None:
    """Asks the host half as often from now on, once in a quarter of an hour at least."""
    Host.objects.filter(name=host_of(url)).update(gap=Least(_times(2), LARGEST_GAP))


def speed_up(url: str) -> None:
    """Asks the host a tenth more often, until it is asked as often as any other."""
    slower = Host.objects.filter(name=host_of(url), gap__gt=smallest_gap())
    slower.update(gap=Greatest(_times(0.9), smallest_gap()))


def smallest_gap() -> timedelta:
    """The time between two requests to a host that has never complained."""
    return timedelta(seconds=TIMES_RARER / settings.FETCH_RATE)


def _times(factor: float) -> ExpressionWrapper:
    return ExpressionWrapper(F("gap") * factor, output_field=DurationField())


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)
