import pytest

from alerts.models import Counter


@pytest.fixture(autouse=True)
def counter(request):
    """The counter's one row, which emptying the tables after a test with real transactions takes away."""
    marker = request.node.get_closest_marker("django_db")
    if marker is not None:
        request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
        Counter.objects.get_or_create(pk=1)
