"""The brief for the hosts of a coming visit: one page of plain text, to read over a screen and to copy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from models.queries.client_records import Brief, Comer, Gift, PastVisit, StagePart
from models.words import Words
from models.words.dates import say_weekday
from models.words.money import say_money

_POINTS = re.compile(r"[；;]\s*")


def host_brief(found: Brief, w: Words, digits: int) -> str:
    """The page as plain text; `digits` are the decimals of an amount."""
    return "\n".join(_Brief(w, digits).lines(found))


def gift_text(gift: Gift, w: Words, digits: int) -> str:
    """A gift: what, for whom, its value."""
    amount = "" if gift.amount is None else say_money(gift.amount, digits)
    return " ".join(part for part in (w.name(gift.item), gift.to, amount) if part)


def past_visit_texts(visit: PastVisit, w: Words, digits: int) -> list[str]:
    """What is told of a visit besides its day: purposes, lead hosts, gifts, each where there is one."""
    purposes = " ".join(w.name(each) for each in visit.purposes)
    hosts = w("clients.host", who=w.people(visit.hosts)) if visit.hosts else ""
    gifts = "  ".join(w("clients.gift", what=gift_text(each, w, digits)) for each in visit.gifts)
    return [part for part in (purposes, hosts, gifts) if part]


class _Brief:
    def __init__(self, w: Words, digits: int) -> None:
        self.w, self.digits = w, digits

    def lines(self, found: Brief) -> Iterator[str]:
        w, visit = self.w, found.visit
        yield f"{found.client}  {visit.number}"
        depart = self._depart(visit.arrive, found.depart)
        when = w("clients.brief.when", arrive=self._moment(visit.arrive), depart=depart)
        tier = [w.name(visit.tier)] if visit.tier else []
        yield "  ".join([when, *tier, w("clients.headcount", n=visit.headcount)])
        purposes = [*(w.name(each) for each in visit.purposes), *([found.purpose_text] if found.purpose_text else [])]
        yield from self._labelled("purpose", " ".join(purposes))
        yield from self._labelled("hosts", w.people(visit.hosts))
        yield from self._labelled("companions", w.people(found.companions))
        yield from self._block("guests", [self._comer(each) for each in found.guests])
        yield from self._block("points", [f"- {point}" for point in _POINTS.split(found.points) if point])
        known = [(field, getattr(found, field)) for field in ("likes", "diet", "notes")]
        yield from self._block("client", [f"{w(f'clients.field.{field}')}  {text}" for field, text in known if text])
        yield from self._block("last", [self._past(each) for each in found.last] or [w("clients.brief.first_time")])
        yield from self._block("stages", [self._stage(each) for each in found.stages])

    def _depart(self, arrive: datetime, depart: datetime | None) -> str:
        """A day that is the same is said once."""
        if depart is None:
            return "?"
        return f"{depart:%H:%M}" if depart.date() == arrive.date() else self._moment(depart)

    def _moment(self, at: datetime) -> str:
        """In full: a copy may be read on another day."""
        return f"{at:%Y-%m-%d} {say_weekday(at.date(), self.w)} {at:%H:%M}"

    def _labelled(self, key: str, text: str) -> list[str]:
        return [f"{self.w(f'clients.brief.{key}')}  {text}"] if text else []

    def _block(self, key: str, texts: Iterable[str]) -> list[str]:
        lines = [f"  {text}" for text in texts]
        return ["", self.w(f"clients.brief.{key}"), *lines] if lines else []

    def _comer(self, guest: Comer) -> str:
        mark = f"({self.w('clients.brief.principal')})" if guest.principal else ""
        parts = [" ".join(part for part in (guest.name, guest.post, guest.address, mark) if part)]
        parts += [self.w(f"clients.person_{field}", text=text)
                  for field, text in (("likes", guest.likes), ("diet", guest.diet)) if text]  # fmt: skip
        return "  ".join(parts)

    def _past(self, visit: PastVisit) -> str:
        return "  ".join([visit.arrive.date().isoformat(), *past_visit_texts(visit, self.w, self.digits)])

    def _stage(self, stage: StagePart) -> str:
        at = f"{stage.at:%m-%d %H:%M}" if stage.at else ""
        return "  ".join(part for part in (at, self.w.name(stage.name), stage.place, stage.people) if part)
