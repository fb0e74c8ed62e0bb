"""What a form says beside its printed fields: places, scores, and whatever else its policy asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.form import Form, Guest
from models.policy.model import Policy, entry_name
from models.queries.common import Stop
from models.words import Words


def extras(policy: Policy, form: Form, w: Words) -> Iterator[tuple[str, str]]:
    """Label and text of each that is filled in."""
    if form.department:
        yield w("fields.department"), w.name(policy.name_of(form.department))
    for field in ("city", "area"):
        place = getattr(form, field)
        if place:
            yield w(f"extra.{field}"), w.name(entry_name(policy, field, place))
    for score, band in form.scores.items():
        yield w.name(entry_name(policy, "score", score)), w.name(entry_name(policy, "band", band))
    for name, value in form.fields.items():
        said = value.isoformat() if isinstance(value, date) else str(value)
        yield w.name(policy.name_of(name)), w.name(entry_name(policy, name, said))
    if form.documents:
        yield w("extra.documents"), " ".join(w.name(policy.name_of(each)) for each in form.documents)


def stop_line(policy: Policy, stop: Stop, w: Words) -> str:
    """Any one of which posts, and what is done there."""
    posts = f" {w('wizard.or')} ".join(w.name(policy.name_of(post)) for post in stop.posts)
    return w("extra.stop", posts=posts, what=w(f"wizard.what.{stop.what}"))


def rank(policy: Policy, guest: Guest, w: Words) -> str:
    """What rank a guest has; empty where none was given."""
    return w.name(entry_name(policy, "rank", guest.rank)) if guest.rank else ""
