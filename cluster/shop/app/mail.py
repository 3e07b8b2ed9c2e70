"""The confirmation email to a customer, and how to send it."""

from __future__ import annotations

import json
import re
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 10.0
"""How long the mail server may take for each step, in seconds."""


class BadEventError(ValueError):
    """A message that isn't an ``order.created`` of version 1: a retry won't help."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An email to send; ``event_id`` is the event that caused it."""

    event_id: str
    order_id: str
    customer: str
    lines: tuple[str, ...]

    @property
    def recipient(self) -> str:
        """Return the customer's address; a name without one gets a domain that doesn't exist."""
        if re.fullmatch(r"[^@\s<>,;:\"()\[\]\\]+@[A-Za-z0-9.-]+", self.customer) and self.customer.isascii():
            return self.customer
        return (re.sub(r"[^a-z0-9]+", "-", self.customer.lower()).strip("-") or "customer") + "@customers.example"

    def message(self, by: str) -> EmailMessage:
        """Return the email. Its Message-ID is the event's id, so that a copy can be recognized; ``by`` becomes X-Heard-By."""
        message = EmailMessage()
        message["From"] = "shop@shop.example"
        message["To"] = self.recipient
        message["Subject"] = f"Your order {self.order_id}"
        message["X-Heard-By"] = by
        message["Message-ID"] = f"<{self.event_id}@shop.example>"
        message.set_content("\n".join(["Thank you for your order:", "", *self.lines]) + "\n")
        return message


def read(payload: bytes) -> Confirmation:
    """Return the confirmation for an event. Raises BadEventError if it isn't one."""
    try:
        event: dict[str, Any] = json.loads(payload)
        if (event["type"], event["version"]) != ("order.created", 1):
            raise BadEventError(f"{event['type']} version {event['version']}")
        lines = tuple(f"{item['quantity']} x {item['sku']}" for item in event["items"])
        ids = {name: str(event[name]) for name in ("event_id", "order_id")}
        if not all(re.fullmatch(r"[\w-]{1,80}", value) for value in ids.values()):
            raise BadEventError("an id that isn't one")
        return Confirmation(ids["event_id"], ids["order_id"], str(event["customer"]), lines)
    except (ValueError, KeyError, TypeError) as error:
        raise BadEventError(f"{type(error).__name__}: {error}") from None


def send(url: str, message: EmailMessage) -> None:
    """Hand the email to the mail server at ``smtp://host:port``. Blocks; raises OSError (SMTPException is one)."""
    server = urlsplit(url)
    with smtplib.SMTP(server.hostname or "localhost", server.port or 25, timeout=TIMEOUT) as smtp:
        smtp.send_message(message)
