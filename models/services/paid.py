"""Who pays a line of a visit's costs: apart from what judges it, for those who only add up."""

from __future__ import annotations

from models.schema.tables import Expense


def paid_by_company(row: Expense) -> int:
    """What of a line's actual cost the company pays, minor units."""
    if row.payer == "company":
        return row.actual or 0
    return (row.actual or 0) - row.actual_over if row.actual_over else 0
