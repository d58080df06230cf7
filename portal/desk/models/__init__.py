"""What the desk stores. tickets: the work and its states; people: who may do what; record: what was said and done;
entities: who was found to be who; leaving: what goes out of the desk (to the lake, to departments).
"""

from portal.desk.actor import Role
from portal.desk.models.entities import EntityEvent, EntityEventKind, EntityFile
from portal.desk.models.leaving import Annotation, AnnotationKind, Channel, Correction, Message, MessageState, Notice, Resending
from portal.desk.models.people import Officer, Token
from portal.desk.models.record import Attachment, Doubt, Event, EventKind
from portal.desk.models.tickets import (
    ItemState,
    Origin,
    Severity,
    Ticket,
    TicketItem,
    TicketState,
)

__all__ = [
    "Annotation",
    "AnnotationKind",
    "Attachment",
    "Channel",
    "Correction",
    "Doubt",
    "EntityEvent",
    "EntityEventKind",
    "EntityFile",
    "Event",
    "EventKind",
    "ItemState",
    "Message",
    "MessageState",
    "Notice",
    "Officer",
    "Origin",
    "Resending",
    "Role",
    "Severity",
    "Ticket",
    "TicketItem",
    "TicketState",
    "Token",
]
