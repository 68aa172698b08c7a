"""`manage.py preview_digest`: shows an email before it is sent, one that was made or a fictional one; sends nothing."""

import uuid
from pathlib import Path

import structlog
from django.core.management.base import BaseCommand, CommandError

from accounts import addresses
from accounts.models import User
from alerts.digests.mail import Letter
from alerts.digests.render import letter
from alerts.digests.samples import SAMPLES
from alerts.digests.upcoming import upcoming
from alerts.models import Digest
from config import clock

log = structlog.get_logger()


class Command(BaseCommand):
    help = (
        "Shows what a person would be sent next, with --digest one that was made, or with --sample a fictional "
        "email of any kind, as text or into files. "
        "Nothing is sent, stored or moved on. Each look has its line in the log."
    )

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("address", nargs="?", help="the address of the person whose next emails to show")
        which.add_argument("--digest", type=uuid.UUID, metavar="UUID", help="a digest that was made, as it stands now")
        which.add_argument("--sample", choices=[*SAMPLES, "all"], help="a fictional email of any kind and state")
        parser.add_argument("--into", type=Path, metavar="FOLDER", help="write .txt and .html files there")

    def handle(self, *args, address, digest, sample, into, **options):
        found = self._samples(sample) if sample else self._made(digest) if digest else self._next(address)
        if not found:
            self.stdout.write("Nothing to tell.")
        for name, written in found.items():
            self._show(name, written, into)

    def _samples(self, name: str) -> dict[str, Letter]:
        return {one.name: one.write() for one in SAMPLES.values() if name in (one.name, "all")}

    def _made(self, ident: uuid.UUID) -> dict[str, Letter]:
        digest = Digest.objects.filter(uuid=ident).first()
        if digest is None:
            raise CommandError("There is no digest with this uuid; the admin's list of digests has them all.")
        log.info("digest_previewed", digest=digest.pk)
        written = letter(digest, clock.now())
        return {str(ident): written} if written else {}

    def _next(self, address: str) -> dict[str, Letter]:
        try:
            person = User.objects.filter(email=addresses.canonical(address)).first()
        except addresses.AddressError as error:
            raise CommandError(str(error)) from error
        if person is None:
            raise CommandError("Nobody has this address. Is it the one in the list of people in the admin?")
        log.info("next_digest_previewed", user=person.pk)
        return {
            f"{frequency}-{number}": written
            for frequency, letters in upcoming(person, clock.now()).items()
            for number, written in enumerate(letters, start=1)
        }

    def _show(self, name: str, written: Letter, into: Path | None) -> None:
        if into is None:
            self.stdout.write(f"Subject: {written.subject}\n\n{written.text}")
            return
        into.mkdir(parents=True, exist_ok=True)
        for suffix, said in ((".txt", f"Subject: {written.subject}\n\n{written.text}"), (".html", written.html)):
            if said:
                path = into / f"{name}{suffix}"
                path.write_text(said, encoding="utf-8")
                self.stdout.write(str(path))
