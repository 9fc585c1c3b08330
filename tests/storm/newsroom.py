"""The newsroom in a storm: its processes, its broker, its database, and what befalls them."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import servers
from tests.crash.platforms import configured


@dataclass
class Newsroom:
    """Three workers and two sweeps on one configuration; whoever dies is started again, as a supervisor would."""

    folder: Path
    environment: dict[str, str]
    redis: servers.Redis
    postgres: servers.Postgres
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    befell: Counter[str] = field(default_factory=Counter)

    @classmethod
    def furnish(
        cls,
        folder: Path,
        redis: servers.Redis,
        postgres: servers.Postgres,
        store: str,
        paper: str,
        feeds: int,
        platforms: dict[str, Any],
    ) -> "Newsroom":
        """Write the configuration."""
        asked = {"every": "1s", "first_run": "last 100", "dedupe": "off"}
        papers = [{"name": f"paper{n}", "url": f"{paper}/feed/{n}"} | asked for n in range(feeds)]
        given = {"store": store, "broker": redis.url, "flood": 100_000, "log": "json"}
        path, secrets = configured(folder, platforms, feeds=papers, **given)
        secrets |= {"STANDFIRST_CONFIG": str(path)}
        return cls(folder, os.environ | secrets, redis, postgres)

    def open(self) -> None:
        """Start everybody."""
        for number in range(3):
            self._start(f"worker{number}", "worker", "--concurrency", "4")
        for number in range(2):
            self._start(f"sweep{number}", "sweep")

    def _start(self, name: str, *words: str) -> None:
        # Each process has its own log, which is what one looks at after a storm.
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [str(Path(sys.executable).with_name("standfirst")), *words]
            self.processes[name] = subprocess.Popen(
                command, env=self.environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )

    def tend(self) -> None:
        """Start again whoever has ended."""
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                self.befell["started again"] += 1
                words = ("worker", "--concurrency", "4") if name.startswith("worker") else ("sweep",)
                self._start(name, *words)

    def strike(self, chance: random.Random) -> str:
        """Let one thing happen."""
        what = chance.choices(list(STRIKES), [weight for _, weight in STRIKES.values()])[0]
        STRIKES[what][0](self, chance)
        self.befell[what] += 1
        return what

    def kill(self, chance: random.Random) -> None:
        """kill -9 one process and its children."""
        name = chance.choice(list(self.processes))
        self._signal(name, signal.SIGKILL)
        self.processes[name].wait()
        self.stopped.discard(name)

    def stop(self, chance: random.Random) -> None:
        """SIGSTOP a worker; it goes on some strikes later, or never."""
        name = chance.choice([name for name in self.processes if name.startswith("worker")])
        self._signal(name, signal.SIGSTOP)
        self.stopped.add(name)

    def proceed(self, _: random.Random) -> None:
        """Everybody who was stopped goes on."""
        for name in self.stopped:
            self._signal(name, signal.SIGCONT)
        self.stopped.clear()

    def flush(self, _: random.Random) -> None:
        """The broker forgets everything."""
        if self.redis.process is not None:
            self.redis.flush()

    def lose_broker(self, chance: random.Random) -> None:
        """kill -9 the broker; it comes back empty after a while."""
        self.redis.kill()
        time.sleep(chance.uniform(0.1, 2))
        self.redis.start()

    def restart_database(self, _: random.Random) -> None:
        """The database restarts: every connection is cut."""
        self.postgres.restart()

    def _signal(self, name: str, number: signal.Signals) -> None:
        try:
            os.killpg(self.processes[name].pid, number)
        except ProcessLookupError:
            return

    def close(self) -> None:
        """End everybody as an operator would."""
        self.proceed(random.Random())
        for name in self.processes:
            self._signal(name, signal.SIGTERM)
        for name, process in self.processes.items():
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                self._signal(name, signal.SIGKILL)
                process.wait()


STRIKES: dict[str, tuple[Any, int]] = {
    "kill -9": (Newsroom.kill, 12),
    "stopped": (Newsroom.stop, 2),
    "continued": (Newsroom.proceed, 3),
    "broker emptied": (Newsroom.flush, 2),
    "broker lost": (Newsroom.lose_broker, 2),
    "database restarted": (Newsroom.restart_database, 1),
}
