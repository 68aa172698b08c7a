"""The rows: one file per noun, a constraint for every "must never"."""

from alerts.models.asked import Asked
from alerts.models.change import Change
from alerts.models.check_in import CheckIn
from alerts.models.counter import Counter
from alerts.models.delivery_event import DeliveryEvent
from alerts.models.department import Department, DepartmentName
from alerts.models.digest import Digest, Section
from alerts.models.event import Event
from alerts.models.forgetting import Forgetting
from alerts.models.hit import Hit
from alerts.models.hold import Hold
from alerts.models.host import Host
from alerts.models.issue import Issue
from alerts.models.item import Item, Revision
from alerts.models.member import Member
from alerts.models.message import Message
from alerts.models.not_relevant import NotRelevant
from alerts.models.outlet import Outlet
from alerts.models.poll_run import Cursor, PollRun
from alerts.models.schedule import Schedule
from alerts.models.sign_up import SignUp
from alerts.models.snapshot import Snapshot, SnapshotPart
from alerts.models.source import Source
from alerts.models.subscription import Subscription
from alerts.models.topic import Topic
from alerts.models.walk import Walk

__all__ = [
    "Asked",
    "Change",
    "CheckIn",
    "Counter",
    "Cursor",
    "DeliveryEvent",
    "Department",
    "DepartmentName",
    "Digest",
    "Event",
    "Forgetting",
    "Hit",
    "Hold",
    "Host",
    "Issue",
    "Item",
    "Member",
    "Message",
    "NotRelevant",
    "Outlet",
    "PollRun",
    "Revision",
    "Schedule",
    "Section",
    "SignUp",
    "Snapshot",
    "SnapshotPart",
    "Source",
    "Subscription",
    "Topic",
    "Walk",
]
