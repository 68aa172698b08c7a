from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: who they are, what they agreed to, and whom we must not write to."""

    name = "accounts"
    verbose_name = "People"
