"""A channel's vault, only to look at: a token renewed in a trial would be lost with it, and most are renewed once."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.model import Error, StoreError

if TYPE_CHECKING:
    from pipeline.config import Config


class NotTried(Error):
    """Why credentials were not tried."""


class Lent:
    """What the store keeps for a channel; nothing is written to it."""

    def __init__(self, config: "Config", channel: str, now: datetime) -> None:
        self._config = config
        self._channel = channel
        self._now = now

    def get(self, name: str) -> Mapping[str, Any] | None:
        """What is kept there; nothing while there is no store."""
        from sqlalchemy.engine import make_url

        from pipeline.store import Store
        from pipeline.store.vault import StoredVault

        settings = self._config.settings
        file = make_url(settings.store).database if settings.store.startswith("sqlite") else None
        if file and not Path(file).exists():
            return None
        store = Store.open(settings.store)
        try:
            return StoredVault(store, self._channel, lambda: self._now, settings.key).get(name)
        except StoreError:
            return None
        finally:
            store.close()

    def put(self, name: str, value: Mapping[str, Any], *, until: datetime | None = None) -> None:
        """Nothing is kept of a trial."""

    def single(self, name: str) -> AbstractContextManager[None]:  # noqa: ARG002  (as every vault)
        """Nothing is renewed in a trial."""
        raise NotTried(f"not tried: its token is renewed when it posts; standfirst channels test {self._channel}")
