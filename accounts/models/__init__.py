"""The rows about people."""

from accounts.models.consent import Consent
from accounts.models.sign_in import SignIn
from accounts.models.suppression import Suppression
from accounts.models.user import User

__all__ = ["Consent", "SignIn", "Suppression", "User"]
