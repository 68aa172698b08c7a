"""How far it has come to let go of what was kept long enough."""

from django.db import models


class Forgetting(models.Model):
    """How far one rule of retention has come: when nothing was left to let go of, and where a walk over rows stands.

    It only saves looking; emptied, everything is looked at again.
    """

    rule = models.CharField(max_length=30, unique=True)
    clear_at = models.DateTimeField(null=True, blank=True, help_text="When nothing was left to let go of")
    through = models.BigIntegerField(default=0, help_text="The last row of the walk")
    begun_at = models.DateTimeField(null=True, blank=True, help_text="When the walk began at the first row")

    class Meta:
        verbose_name_plural = "forgetting"

    def __str__(self) -> str:
        return f"{self.rule}, clear {self.clear_at:%Y-%m-%d %H:%M}" if self.clear_at else self.rule
