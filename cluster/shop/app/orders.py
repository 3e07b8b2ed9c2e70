"""Orders, and the event of a placed order."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

CUSTOMER_LENGTH, SKU_LENGTH, ITEMS, QUANTITY = 200, 100, 100, 1_000
"""The most characters of a customer and of an item's name, the most items in an order, and pieces of an item."""


class BadOrderError(ValueError):
    """The body isn't an order; the text tells the client why."""


class BrokerAwayError(Exception):
    """The broker can't be reached; the event isn't published."""


class WorkerAwayError(Exception):
    """The worker didn't confirm the order; the customer waits no longer."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A number of pieces of one product; ``sku`` is its name in the stock."""

    sku: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Order:
    """An order that was accepted; ``created_at`` is ISO 8601 in UTC."""

    id: str
    customer: str
    items: tuple[OrderLine, ...]
    created_at: str

    def as_json(self) -> dict[str, Any]:
        """Return the order as the API and the cache show it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Return the order that ``as_json`` wrote."""
        return cls(**(stored | {"items": tuple(OrderLine(**item) for item in stored["items"])}))


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """A published event: ``payload`` is JSON, ``headers`` continue the trace."""

    event_id: str
    payload: bytes
    headers: dict[str, str]


def read_order(body: bytes) -> Order:
    """Read a new order from a request's body and give it an id. Raises BadOrderError if it isn't one."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise BadOrderError("The body isn't JSON.") from None
    if not isinstance(said, dict):
        raise BadOrderError("The body must be a JSON object with “customer” and “items”.")
    unknown = said.keys() - {"customer", "items"}
    if unknown:
        raise BadOrderError(f"There is no field “{min(unknown)[:40]}”; an order has “customer” and “items”.")
    customer = _text(said.get("customer"), "customer", CUSTOMER_LENGTH)
    items = said.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= ITEMS:
        raise BadOrderError(f"“items” must be a list of 1 to {ITEMS} items.")
    read = tuple(_item(item, f"items[{number}]") for number, item in enumerate(items))
    return Order(str(uuid.uuid4()), customer, read, datetime.now(UTC).isoformat())


def created(order: Order, headers: dict[str, str]) -> OrderEvent:
    """Return the event ``order.created``, version 1, for a new order."""
    event_id = str(uuid.uuid4())
    about = {
        "event_id": event_id,
        "type": "order.created",
        "version": 1,
        "order_id": order.id,
        "occurred_at": order.created_at,
        "customer": order.customer,
        "items": [asdict(item) for item in order.items],
    }
    return OrderEvent(event_id, json.dumps(about).encode(), headers)


def _item(said: object, where: str) -> OrderLine:
    if isinstance(said, str):
        return OrderLine(_text(said, where, SKU_LENGTH))
    if not isinstance(said, dict) or said.keys() - {"sku", "quantity"}:
        raise BadOrderError(f"“{where}” must be a name, or an object with “sku” and “quantity”.")
    quantity = said.get("quantity", 1)
    if type(quantity) is not int or not 1 <= quantity <= QUANTITY:
        raise BadOrderError(f"“{where}.quantity” must be a whole number from 1 to {QUANTITY}.")
    return OrderLine(_text(said.get("sku"), f"{where}.sku", SKU_LENGTH), quantity)


def _text(said: object, where: str, most: int) -> str:
    # Only printable text: a line break could add a header to the email, and PostgreSQL stores no NUL.
    if not isinstance(said, str) or not said.strip() or len(said) > most or not said.isprintable():
        raise BadOrderError(f"“{where}” must be text of 1 to {most} characters on one line.")
    return said
