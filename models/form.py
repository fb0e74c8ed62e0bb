"""The request form 接待申请表 as one immutable value (R99 to R112): what the wizard edits and a visit stores.

Persons are ids of the register. Times are naive local wall clock; money is in minor units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.policy.request import Cost, Lodging, Meal

__all__ = ["Cost", "Form", "Guest", "Leg", "Lodging", "Meal"]


@dataclass(frozen=True, slots=True)
class Guest:
    """R103: a guest's name and post; one is the principal (A19). `diet`: what they may not eat, as said."""

    name: str = ""
    post: str = ""
    address: str = ""
    phone: str = ""
    principal: bool = False
    rank: str | None = None
    counts: bool = True
    diet: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """How the guests come or go: `mode` plane, train, car or other; plates for the gate (R62)."""

    mode: str = ""
    number: str = ""
    place: str = ""
    at: datetime | None = None
    plates: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Every field of the form. None and empty mean not filled in; `raw` keeps typed text that is no value yet.

    R99 applicant; R100 arrive; R101 reason; R102 client; R103 guests; R104 headcount; R105 purposes; R106 tier;
    R107 dining, diners and meals; R108 lodged and lodging; R109 other with start and end; R110 services; R111
    arrangements. R112, the decisions, is the visit's, not the form's.
    """

    kind: str | None = None
    tier: str | None = None
    client: str = ""
    client_id: int | None = None
    applicant: int | None = None
    reason: str = ""
    headcount: int | None = None
    guests: tuple[Guest, ...] = ()
    arrive: datetime | None = None
    depart: datetime | None = None
    arrival: Leg = Leg()
    departure: Leg = Leg()
    purposes: tuple[str, ...] = ()
    purpose_text: str = ""
    services: tuple[str, ...] = ()
    services_text: str = ""
    wants: tuple[str, ...] = ()
    dining: bool = False
    meals: tuple[Meal, ...] = ()
    diners: tuple[int, ...] = ()
    lodged: bool = False
    lodging: tuple[Lodging, ...] = ()
    other: bool = False
    other_text: str = ""
    other_from: datetime | None = None
    other_until: datetime | None = None
    costs: tuple[Cost, ...] = ()
    hosts: tuple[int, ...] = ()
    companions: tuple[int, ...] = ()
    per_visit: Mapping[str, int] = field(default_factory=dict)
    arrangements: str = ""
    city: str | None = None
    area: str | None = None
    department: str | None = None
    scores: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
