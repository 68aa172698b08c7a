"""Bodies that are asked."""

from django.db import models


class Department(models.Model):
    """An answering body, by the stable id the source gives it, through its renamings."""

    external_id = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=200, help_text="As last seen")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> tuple[str, ...]:
        """Every name and short name it has or had, that of now first."""
        return tuple(dict.fromkeys((self.name, *sorted(name.name for name in self.names.all()))))


class DepartmentName(models.Model):
    """A name a department has or had, or a usual short name (DHSC): what `dept:` finds it by.

    Rows are added, never taken away, so that who saved a search by an old name still finds what the body is asked.
    `folded` keeps one name from being kept twice.
    """

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "folded"], name="department_name_once")]

    def __str__(self) -> str:
        return self.name
