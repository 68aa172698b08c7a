"""Keeps one instance running: its servers, the site, the worker and beat, and in the demo the rehearsal Parliament."""

import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime

from config import demo, embedded, port, programs
from config.binaries import ServerError
from config.instance import environment
from config.logtail import LogTail
from config.processes import ROOT, Household
from config.services import Service

DEMO_FETCH_RATE, DEMO_TICK_SECONDS = "200", "2"
NOTE_SECONDS, ROTATE_SECONDS = 3, 60
BACKFILL_DAYS = "90"
IMPATIENT = 0.7
"""A second Ctrl-C after so many seconds is meant; sooner, it is a wrapper that signals twice."""


class Stopping(Exception):
    """Somebody asked us to stop."""


class Failed(Exception):
    """The instance cannot be started; the words say why."""


def say(words):
    """Print for the person at the terminal, if there still is one."""
    try:
        print(words, flush=True)
    except OSError:
        sys.stdout = None


class Supervisor:
    """One start of one instance, from taking its servers up to leaving nothing behind."""

    def __init__(self, instance, wanted_port, demo_time=None):
        self.instance = instance
        self.demo = demo_time
        self.wanted_port = wanted_port
        self.household = Household(keep_open=[instance.lock])
        self.services = []
        self.tails = []
        self.stop_asked_at = None
        self.chores = {}

    def run(self):
        """Open the site, keep everything running until asked to stop, and end it all; returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup ./run
                signal.signal(number, self._on_signal)
        try:
            self._open()
            while True:
                self._pause(0.2)
        except Stopping:
            return 0
        except (ServerError, Failed) as problem:
            say(str(problem))
            return 1
        finally:
            self._close()

    def _open(self):
        self.line = port.listen(self.wanted_port)
        self.port = self.line.getsockname()[1]
        if self.port != self.wanted_port:
            say(f"Port {self.wanted_port} is taken; using {self.port}.")
        if self.instance.secrets()[1] and not self.demo:
            say(f"Made secret keys in {self.instance.folder / 'secrets.json'}; links in mails depend on them: keep it.")
        self.sockets = embedded.make_socket_folder()
        self.household.remove_at_end(self.sockets)
        self.environment = environment(self.instance, embedded.Addresses(self.sockets), self.port)
        if self.demo:
            self._open_parliament()
        self._open_servers()
        self._must("migrate", "--no-input", "--verbosity", "0")
        self._keep("web", lambda: programs.web(self.line.fileno()), pass_fds=[self.line.fileno()])
        self.instance.announce(self.environment)
        self._welcome(self._demo_accounts() if self.demo else "")
        if self.demo:
            self._begin_play()
        self._keep("worker", programs.worker)
        self._keep("beat", lambda: programs.beat(self.instance.folder / "beat"))
        # New data were made without waiting for the disk; now there is time to.
        self._once("sync", ["sync"])

    def _open_servers(self):
        for name, start in (("valkey", embedded.start_valkey), ("postgres", embedded.start_postgres)):
            self._serve(name, lambda start=start: start(*self._place(), pause=self._pause))

    def _place(self):
        return self.household, self.instance.folder, self.sockets, self.instance.logs

    def _open_parliament(self):
        self.demo.prepare(datetime.now(UTC))
        where = port.free_port()
        self.environment |= {
            "HARK_CLOCK": str(self.demo.clock),
            "HARK_PARLIAMENT_URL": f"http://127.0.0.1:{where}",
            "HARK_FETCH_ALLOW": f"127.0.0.1:{where}",
            "HARK_FETCH_RATE": DEMO_FETCH_RATE,
            "HARK_TICK_SECONDS": DEMO_TICK_SECONDS,
        }
        self._keep("rehearsal", lambda: programs.rehearsal(where, self.demo.clock, self.demo.start))

    def _demo_accounts(self):
        """Make the demo's accounts; returns the words the command prints about them."""
        with tempfile.TemporaryFile() as said:
            self._once("demo_accounts", programs.manage("demo_accounts"), stdout=said)
            said.seek(0)
            return said.read().decode(errors="replace").strip("\n")

    def _begin_play(self):
        """Load the days before, then let fictional time pass."""
        if not self.demo.is_filled:
            say(f"Loading the {BACKFILL_DAYS} days before, so that previews have something to show.")
            if self._once("backfill", programs.manage("backfill", "--days", BACKFILL_DAYS)):
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
        patience = time.monotonic() + 30
        while (status := port.status(self.port)) is None or status >= 500:
            if patience and time.monotonic() > patience:
                what = "does not answer yet" if status is None else f"answers with error {status}"
                say(f"The site {what}; its words are in {self.instance.logs / 'web.log'}. Trying on.")
                patience = None
            self._pause(0.2)

    def _serve(self, name, launch):
        """Have a service kept running from now on."""
        self.tails.append(LogTail(name, self.instance.logs / f"{name}.log"))
        service = Service(name, launch)
        service.start()
        self.services.append(service)

    def _keep(self, name, command, **options):
        self._serve(name, lambda: self._start(name, command(), **options))

    def _start(self, name, command, stdout=None, **options):
        with open(self.instance.logs / f"{name}.log", "ab") as log:
            return self.household.start(
                name, command, cwd=ROOT, env=self.environment, stdout=stdout or log, stderr=log, **options
            )

    def _once(self, name, command, **options):
        """Run a program to its end while the services are kept; returns whether it ended well, else says so."""
        child = self._start(name, command, **options)
        while child.exit_code is None:
            self._pause(0.05)
        self.household.forget(child)
        if child.process.returncode:
            say(f"{name} did not end well; its words are in {self.instance.logs / f'{name}.log'}.")
        return child.process.returncode == 0

    def _must(self, *words):
        if not self._once(words[0], programs.manage(*words)):
            raise Failed(embedded.last_words(self.instance.logs / f"{words[0]}.log"))

    def _on_signal(self, *_):
        now = time.monotonic()
        if not self.stop_asked_at:
            self.stop_asked_at = now
        elif now - self.stop_asked_at > IMPATIENT:
            self.household.kill_programs()

    def _pause(self, seconds):
        """Wait a little, do what is due meanwhile; raises Stopping when asked to stop."""
        time.sleep(seconds)
        if self.stop_asked_at:
            raise Stopping
        self._tend()

    def _tend(self):
        self.household.renew_guardian()
        for service in self.services:
            if service.has_died():
                say(service.bury(self.household))
            if service.is_due():
                self._start_again(service)
        if self._is_time("news", 1):
            for line in [line for tail in self.tails for line in tail.news()]:
                say(line)
        if self.demo and self._is_time("note", NOTE_SECONDS):
            self.demo.note(datetime.now(UTC))
        if self._is_time("rotate", ROTATE_SECONDS):
            for tail in self.tails:
                tail.keep_small()

    def _start_again(self, service):
        try:
            service.start()
        except (ServerError, OSError, subprocess.SubprocessError) as problem:
            say(service.put_off(problem))

    def _is_time(self, chore, seconds):
        if time.monotonic() < self.chores.get(chore, 0):
            return False
        self.chores[chore] = time.monotonic() + seconds
        return True

    def _close(self):
        if self.stop_asked_at:
            say("Stopping.")
        if self.demo:
            self.demo.note(datetime.now(UTC))
        self.instance.withdraw()
        self.household.close()
        if self.stop_asked_at:
            say("Stopped.")
