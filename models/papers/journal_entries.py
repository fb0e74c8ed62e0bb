"""An entry of the journal in one sentence; imports no Textual."""

from __future__ import annotations

from datetime import date
from functools import cache

from models.queries.visit_history import Fact, JournalEntry
from models.words import Words, words
from models.words.catalogue import LANGUAGES, sentences
from models.words.dates import say_moment
from models.words.money import say_money


def entry_text(entry: JournalEntry, w: Words, digits: int, today: date) -> str:
    """What was done and with what; `digits` are the decimals of an amount."""
    verb = verb_name(entry, w)
    whom = w("visit.for_whom", who=entry.for_whom) if entry.for_whom else ""
    facts = [_fact(fact, w, digits, today) for fact in entry.facts]
    erased = w("visit.erased") if entry.erased else ""
    return " ".join(part for part in (verb, whom, *facts, erased) if part)


def verb_name(entry: JournalEntry, w: Words) -> str:
    """What was done, as it is called; the journal's own word where another version of the program wrote it."""
    key = f"verbs.{entry.verb}"
    return w(key) if w.has(key) else entry.verb


def _fact(fact: Fact, w: Words, digits: int, today: date) -> str:
    kind, value = fact
    if kind == "name":
        return w.text(value)
    if kind == "words":
        return f"“{value}”"
    if kind == "money":
        return say_money(value, digits)
    if kind == "where":
        return w(f"visit.where.{value}")
    if kind == "outcome":
        return w(f"requests.what.{'decide' if value == 'agree' else value}")
    if kind == "changed":
        return "; ".join(w.text(each) for each in value)
    if kind == "time":
        return say_moment(value, today, w)
    return w(f"visit.fact.{kind}", n=say_money(value, digits) if kind == "over" else value)


@cache
def verb_names() -> dict[str, dict[str, str]]:
    """What each verb of the journal is called, by language."""
    said = {code: sentences(code, "verbs") for code in LANGUAGES}
    verbs = [key.removeprefix("verbs.") for key in said[LANGUAGES[0]]]
    return {verb: {code: words(code)(f"verbs.{verb}") for code in LANGUAGES} for verb in verbs}
