"""Who asks and who answers."""

from django.db import models

from alerts.models.choices import House


class Member(models.Model):
    """A member of either House, by the stable id the source gives them, as last seen."""

    external_id = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=200)
    list_as = models.CharField(max_length=200, blank=True)
    party = models.CharField(max_length=100, blank=True)
    party_abbreviation = models.CharField(max_length=20, blank=True)
    member_from = models.CharField(max_length=200, blank=True, help_text="Constituency, or kind of peerage")
    house = models.CharField(max_length=7, choices=House.choices, blank=True)

    class Meta:
        ordering = ["list_as", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def party_called(self) -> tuple[str, ...]:
        """The party's name and its abbreviation, as far as they are known."""
        return tuple(filter(None, (self.party, self.party_abbreviation)))
