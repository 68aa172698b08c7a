"""The rows about people."""

from accounts.models.address_change import AddressChange
from accounts.models.consent import Consent
from accounts.models.session import Session
from accounts.models.sign_in import SignIn
from accounts.models.suppression import Suppression
from accounts.models.user import User

__all__ = ["AddressChange", "Consent", "Session", "SignIn", "Suppression", "User"]
