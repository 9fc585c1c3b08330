"""The files of commands; each has `register(app)`."""

from workers.cli import running, setup

GROUPS = (setup.register, running.register)
