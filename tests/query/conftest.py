"""How many examples the property tests try: a moderate number, or 1,000 with HYPOTHESIS_PROFILE=ci."""

import os

from hypothesis import settings

settings.register_profile("moderate", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=1_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "moderate"))
