"""The one door to the world: deadlines, caps, address guard, status → failure."""

from .answers import Answer, FetchError, Hop, http_date, retry_after
from .door import Http

__all__ = ["Answer", "FetchError", "Hop", "Http", "http_date", "retry_after"]
