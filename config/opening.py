"""The order in which an instance opens: servers, tables, site, and once that answers, worker and beat."""

import tempfile
import time
from datetime import UTC, datetime

from config import demo, embedded, port, programs
from config.instance import environment
from config.supervise import Supervisor, say

DEMO_FETCH_RATE, DEMO_TICK_SECONDS = "200", "2"
NOTE_SECONDS = 3
BACKFILL_DAYS = "90"
PATIENCE = 30
"""Seconds after which a site that does not answer is spoken of."""


class Opening:
    """Opens one instance at a port; with a `demo_time`, as the demo."""

    def __init__(self, instance, wanted_port, demo_time=None):
        self.instance = instance
        self.demo = demo_time
        self.wanted_port = wanted_port
        self.supervisor = Supervisor(instance)

    def run(self):
        """Open the instance and keep it open until asked to stop; returns the exit code."""
        return self.supervisor.run(self._open)

    def _open(self):
        self.line = port.listen(self.wanted_port)
        self.port = self.line.getsockname()[1]
        if self.port != self.wanted_port:
            say(f"Port {self.wanted_port} is taken; using {self.port}.")
        self._set_environment()
        self._open_servers()
        self.supervisor.must("migrate", programs.manage("migrate", "--no-input", "--verbosity", "0"))
        self.supervisor.keep("web", programs.web(self.line.fileno()), pass_fds=[self.line.fileno()])
        self.instance.announce(self.supervisor.environment)
        self._welcome(self._demo_accounts() if self.demo else "")
        if self.demo:
            self._begin_play()
        self.supervisor.keep("worker", programs.worker())
        self.supervisor.keep("beat", programs.beat(self.instance.folder / "beat"))
        # New data were made without waiting for the disk; now there is time to.
        self.supervisor.once("checkpoint", programs.checkpoint())
        self.supervisor.once("sync", ["sync"])

    def _set_environment(self):
        if self.instance.secrets()[1] and not self.demo:
            say(f"Made secret keys in {self.instance.folder / 'secrets.json'}; links in mails depend on them: keep it.")
        self.sockets = embedded.make_socket_folder()
        self.supervisor.household.remove_at_end(self.sockets)
        self.supervisor.environment = environment(self.instance, embedded.Addresses(self.sockets), self.port)

    def _open_servers(self):
        if self.demo:
            self._open_parliament()
        place = (self.supervisor.household, self.instance.folder, self.sockets, self.instance.logs)
        for name, start in (("valkey", embedded.start_valkey), ("postgres", embedded.start_postgres)):
            self.supervisor.serve(name, lambda start=start: start(*place, pause=self.supervisor.pause))

    def _open_parliament(self):
        self.demo.prepare(datetime.now(UTC))
        self.supervisor.every(NOTE_SECONDS, lambda: self.demo.note(datetime.now(UTC)))
        where = port.free_port()
        self.supervisor.environment |= {
            "HARK_CLOCK": str(self.demo.clock),
            "HARK_PARLIAMENT_URL": f"http://127.0.0.1:{where}",
            "HARK_FETCH_ALLOW": f"127.0.0.1:{where}",
            "HARK_FETCH_RATE": DEMO_FETCH_RATE,
            "HARK_TICK_SECONDS": DEMO_TICK_SECONDS,
        }
        self.supervisor.keep("rehearsal", programs.rehearsal(where, self.demo.clock, self.demo.start))

    def _demo_accounts(self):
        """Make the demo's accounts; returns the words the command prints about them."""
        with tempfile.TemporaryFile() as said:
            self.supervisor.once("demo_accounts", programs.manage("demo_accounts"), stdout=said)
            said.seek(0)
            return said.read().decode(errors="replace").strip("\n")

    def _begin_play(self):
        """Name the newsletters, load the days before, then let fictional time pass."""
        self.supervisor.once("demo_sources", programs.manage("demo_sources"))
        if not self.demo.is_filled:
            say(f"Loading the {BACKFILL_DAYS} days before, so that previews have something to show.")
            if self.supervisor.once("backfill", programs.manage("backfill", "--days", BACKFILL_DAYS)):
                self.demo.mark_filled()
        self.demo.go(datetime.now(UTC))
        say("The demo's days pass now.")

    def _welcome(self, accounts):
        """Say where the site is once it really answers."""
        self._wait_for_site()
        here = f"http://localhost:{self.port}"
        say(f"\nHark is open at {here}/")
        say(f"  its mails: {here}/outbox/ and as files in {self.instance.outbox}")
        say(f"  its logs:  {self.instance.logs}")
        if self.demo:
            say(demo.explanation(self.demo))
        if accounts:
            say(accounts)
        say("  to stop:   Ctrl-C\n")

    def _wait_for_site(self):
        speak_at = time.monotonic() + PATIENCE
        while (status := port.status(self.port)) is None or status >= 500:
            if time.monotonic() > speak_at:
                what = "does not answer yet" if status is None else f"answers with error {status}"
                say(f"The site {what}; its words are in {self.instance.logs / 'web.log'}. Trying on.")
                speak_at = float("inf")
            self.supervisor.pause(0.2)
