"""The console's application: pages, orders, API, probes, and the addresses that others call."""

from urllib.parse import urlsplit

from fastapi import FastAPI

from pipeline.config import Config
from pipeline.world import World
from workers.console import api, calls, doors, orders, pages, probes
from workers.console.clients import Proxies
from workers.console.desk import Desk
from workers.console.gate import Gate
from workers.console.guard import Hosts, Keyring

PARTS = (doors, probes, calls, pages, orders, api)


def build(config: Config, world: World, token: str) -> Gate:
    """Everything the console answers to, behind its gate."""
    public = urlsplit(config.settings.public_url or "")
    desk = Desk(config, world, Keyring(token), public=config.settings.public_url or "")
    site = FastAPI(
        title="Standfirst",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        servers=[{"url": desk.prefix or "/"}],
    )
    for part in PARTS:
        site.include_router(part.router)
    site.state.desk = desk
    doors.refusals(site, desk)
    own = urlsplit(f"//{config.settings.console}").hostname or ""
    return Gate(site, Hosts((own, public.hostname or "")), Proxies(config.settings.trusted_proxies), desk.prefix)
