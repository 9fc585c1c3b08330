"""Platforms on loopback for the demo and for tests: they speak the real requests and show what was posted."""

from workers.demo.sandbox.atproto import Atproto
from workers.demo.sandbox.mastodon import Mastodon
from workers.demo.sandbox.server import Fault, Request, Response, Sandbox, Shown
from workers.demo.sandbox.webhook import Webhook

__all__ = ["Atproto", "Fault", "Mastodon", "Request", "Response", "Sandbox", "Shown", "Webhook"]
