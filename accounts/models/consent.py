"""What people agreed to."""

from django.conf import settings
from django.db import models


class Consent(models.Model):
    """One agreement: who, to which version of the text, where and when asked, when and by which token confirmed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    text_version = models.CharField(max_length=32)
    form_url = models.CharField(max_length=200)
    network = models.CharField(max_length=43, blank=True, help_text="Shortened: /24 of IPv4, /48 of IPv6")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    token_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"{self.text_version}, confirmed {self.confirmed_at:%Y-%m-%d}"
