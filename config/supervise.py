"""Keeps programs running: starts again what dies, shows what they warn of, and ends them all."""

import signal
import subprocess
import sys
import time

from config import programs
from config.binaries import ServerError
from config.embedded import last_words
from config.logtail import LogTail
from config.processes import ROOT, Household
from config.services import Service

NEWS_SECONDS, ROTATE_SECONDS = 1, 60
NO_SIGNAL = 0
"""To end such a child is to wait for it."""
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
    """The programs of one instance, their logs in its folder, and what is to be done every few seconds."""

    def __init__(self, instance):
        self.instance = instance
        self.environment = {}
        self.household = Household(keep_open=[instance.lock])
        self.services = []
        self.tails = []
        self.chores = []
        self.stop_asked_at = None
        self.every(NEWS_SECONDS, self._tell_news)
        self.every(ROTATE_SECONDS, self._keep_logs_small)

    def run(self, opening):
        """Do `opening()`, keep everything running until asked to stop, and end it all; returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup ./run
                signal.signal(number, self._on_signal)
        try:
            opening()
            while True:
                self.pause(0.2)
        except Stopping:
            return 0
        except (ServerError, Failed) as problem:
            say(str(problem))
            return 1
        finally:
            self._close()

    def every(self, seconds, chore):
        """Have this function called every so many seconds from now on, and once more at the end."""
        self.chores.append([time.monotonic(), seconds, chore])

    def serve(self, name, launch):
        """Have a service kept running from now on; `launch` starts it."""
        self.tails.append(LogTail(name, self.instance.logs / f"{name}.log"))
        service = Service(name, launch)
        service.start()
        self.services.append(service)

    def keep(self, name, command, **options):
        """Have a program kept running from now on; `options` go to Popen."""
        self.serve(name, lambda: self._start(name, command, **options))

    def once(self, name, command, **options):
        """Run a program to its end while the services are kept; returns whether it ended well, else says so."""
        child = self._start(name, command, **options)
        while child.exit_code is None:
            self.pause(0.05)
        self.household.forget(child)
        if child.process.returncode:
            say(f"{name} did not end well; its words are in {self.instance.logs / f'{name}.log'}.")
        return child.process.returncode == 0

    def must(self, name, command):
        """Run a program that has to end well; raises Failed with its last words."""
        if not self.once(name, command):
            raise Failed(last_words(self.instance.logs / f"{name}.log"))

    def pause(self, seconds):
        """Wait a little, and do what is due meanwhile; raises Stopping when asked to stop."""
        time.sleep(seconds)
        if self.stop_asked_at:
            raise Stopping
        self.household.renew_guardian()
        for service in self.services:
            self._tend(service)
        for chore in self.chores:
            due, seconds, do = chore
            if time.monotonic() >= due:
                chore[0] = time.monotonic() + seconds
                _try(do)

    def _start(self, name, command, stdout=None, **options):
        with open(self.instance.logs / f"{name}.log", "ab") as log:
            return self.household.start(
                name, command, cwd=ROOT, env=self.environment, stdout=stdout or log, stderr=log, **options
            )

    def _tend(self, service):
        if service.has_died():
            say(service.bury(self.household))
        if service.is_due():
            try:
                service.start()
            except (ServerError, OSError, subprocess.SubprocessError) as problem:
                say(service.put_off(problem))

    def _tell_news(self):
        for tail in self.tails:
            for line in tail.news():
                say(line)

    def _keep_logs_small(self):
        for tail in self.tails:
            tail.keep_small()

    def _on_signal(self, *_):
        now = time.monotonic()
        if not self.stop_asked_at:
            self.stop_asked_at = now
        elif now - self.stop_asked_at > IMPATIENT:
            self.household.kill_programs()

    def _close(self):
        if self.stop_asked_at:
            say("Stopping.")
        for _, _, chore in self.chores:
            _try(chore)
        self.instance.withdraw()
        if any(service.name == "postgres" for service in self.services):
            # Beside the programs' ending, so that the server's own last checkpoint has little left to write.
            _try(lambda: self._start("checkpoint", programs.checkpoint(), stop=NO_SIGNAL))
        self.household.close()
        if self.stop_asked_at:
            say("Stopped.")


def _try(chore):
    """Do it; a full disk, say, is told and does not end the whole."""
    try:
        chore()
    except OSError as problem:
        say(str(problem))
