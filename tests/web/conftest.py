from tests.digests.conftest import provider

__all__ = ["provider"]
