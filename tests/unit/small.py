"""A policy made by hand: the default one's posts, kinds and tiers, and nothing to judge by."""

from __future__ import annotations

from datetime import date

from models.policy.model import CalendarRows, Currency, Department, Entry, Kind, Policy, Post
from models.words import Name

HEADS = (
    "marketing_head", "technology_head", "production_head", "supply_head", "quality_head", "office_director",
    "logistics_head", "workshop_director",
)  # fmt: skip
UP = {
    "general_manager": None,
    "deputy_general_manager_in_charge": "general_manager",
    "deputy_general_manager": "general_manager",
    **dict.fromkeys(HEADS, "deputy_general_manager_in_charge"),
    "project_technical_lead": "technology_head",
    "project_sales_lead": "marketing_head",
    "coordinator": "marketing_head",
    "driver": "office_director",
}
PER_VISIT = ("project_technical_lead", "project_sales_lead")


def small_policy(text: str = "small", *, tiers: tuple[str, ...] = ("vip", "routine")) -> Policy:
    """Two kinds of visitors, two departments, the fifteen posts."""
    return Policy(
        text=text,
        effective=date(2014, 4, 7),
        judged_on="request",
        currency=Currency("CNY", 2),
        number="{year}-{n:04}",
        own_request="up",
        recorded=True,
        labels={},
        tiers=tuple([Entry(tier, Name.of(tier)) for tier in tiers]),
        kinds=(
            Kind("customer", Name.of("customer"), "marketing", ("project_sales_lead",)),
            Kind("other", Name.of("other"), "office"),
        ),
        departments=(
            Department("marketing", Name.of("marketing"), None, "marketing_head"),
            Department("office", Name.of("office"), None, "office_director"),
        ),
        posts=tuple([Post(post, Name.of(post), up, per_visit=post in PER_VISIT) for post, up in UP.items()]),
        groups=(),
        conduct=(),
        lists={},
        calendar=CalendarRows(),
        propose=(),
        routes=(),
        notices=(),
        lead_hosts=(),
        companions=(),
        caps=(),
        signs=(),
        needs=(),
        checks=(),
        stages=(),
        duties=(),
        changes=(),
    )
