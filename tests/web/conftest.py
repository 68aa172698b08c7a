from tests.digests.conftest import outbox, provider

__all__ = ["outbox", "provider"]
