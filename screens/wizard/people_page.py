"""Page 4: lead hosts, project leads, staff, diners, arrangements (R20, R24, R25, R107, R111)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from textual.widget import Widget

from models.form import Form, dining_with
from models.words import cell_len
from screens.kit.choices import Checks, Option, Pick
from screens.kit.fields import LongText
from screens.kit.linelist import Column
from screens.kit.text import Sentences
from screens.wizard.form_facts import FormFacts
from screens.wizard.form_table import put

NAME = "people"
ASKED = ("hosts", "companions")
LISTS = ("hosts", "companions", "diners")
OFFERED = "offered"
"""In `raw`: the people ticked by the wizard itself, by list; while nobody changed them they follow the tier."""


def fields(form: Form, facts: FormFacts, now: Any) -> Iterator[Widget]:
    """The page's widgets; `now` gives the form as it is by then."""
    yield Sentences([f"{facts.label('asked')}\t{asked(facts)}"], id="asked")
    yield _ticks(form, facts, "hosts")
    labels = {post: facts.w.name(facts.policy.name_of(post)) for post in leads(facts)}
    wide = max([cell_len(label) + 2 for label in labels.values()], default=0)
    columns = (Column("", 12), Column())
    for post, label in labels.items():
        taken = str(form.per_visit.get(post, ""))
        yield Pick(label, facts.person_rows(), taken, id=f"lead-{post}", label_width=wide, columns=columns, room=20)
    yield _ticks(form, facts, "companions")
    yield _ticks(form, facts, "diners")
    yield LongText(facts.label("arrangements"), form.arrangements, id="arrangements", height=3)


def _ticks(form: Form, facts: FormFacts, name: str) -> Checks:
    chosen = [str(person) for person in getattr(form, name)]
    return Checks(facts.label(name), people(facts, form, name), chosen, id=name)


def asked(facts: FormFacts) -> str:
    """What the policy asks of the lead host."""
    host = facts.verdict.answer.lead_host
    if facts.verdict.waits.get("hosts"):
        return facts.waits("hosts")
    if not host.posts:
        return facts.w("wizard.host_free")
    return facts.w("wizard.host_asked", posts=facts.posts(host.posts), n=host.at_least)


def leads(facts: FormFacts) -> list[str]:
    """The posts named on each visit (R25, A24)."""
    return [post.id for post in facts.policy.posts if post.per_visit]


def people(facts: FormFacts, form: Form, name: str) -> list[Option]:
    """Whom to tick: those the policy offers, and those already chosen."""
    offered = holders(facts, form, posts_offered(facts, name))
    everybody = dict.fromkeys([*offered, *(form.hosts + form.companions if name == "diners" else ())])
    chosen = [person for person in getattr(form, name) if person not in everybody]
    return [Option(str(person), facts.named(person)) for person in [*everybody, *chosen]]


def posts_offered(facts: FormFacts, name: str) -> tuple[str, ...]:
    """The posts whose holders a list offers; dining companions are chosen of the others."""
    answer = facts.verdict.answer
    if facts.verdict.waits.get(name):
        return ()
    return {"hosts": answer.lead_host.posts, "companions": answer.companions.posts}.get(name, ())


def holders(facts: FormFacts, form: Form, posts: Iterable[str]) -> list[int]:
    """Who holds these posts or is named for them on this visit."""
    found: list[int] = []
    for post in posts:
        named = form.per_visit.get(post)
        found += [named] if named is not None else facts.choices.holding(post)
    return list(dict.fromkeys(found))


def prefilled(form: Form, facts: FormFacts) -> Form:
    """The form with what the policy offers ticked, as long as nobody changed it: the lead host where one person
    holds a post asked for, the accompanying staff (R24), the applicant as the project lead they are (R7, R25)."""
    per_visit = dict(form.per_visit)
    kind = next((each for each in facts.policy.kinds if each.id == form.kind or len(facts.policy.kinds) == 1), None)
    for post in leads(facts):
        who = form.applicant if kind is not None and post in kind.applicants else None
        if who is not None and post not in per_visit and _is(facts, who, post):
            per_visit[post] = who
    form = replace(form, per_visit=per_visit)
    raw = dict(form.raw)
    for name in ("hosts", "companions"):
        mark = f"{OFFERED}-{name}"
        chosen = ",".join(map(str, getattr(form, name)))
        if chosen != raw.get(mark, ""):
            continue
        offer = _sure(facts, form, name)
        raw[mark] = ",".join(map(str, offer))
        form = put(form, {name: tuple(offer)})
    return replace(form, raw=raw)


def _sure(facts: FormFacts, form: Form, name: str) -> list[int]:
    """Whom a list begins with: who alone holds a post it offers; as lead hosts only exactly as many as asked for."""
    posts = posts_offered(facts, name)
    if name == "hosts":
        offer = holders(facts, form, posts)
        return offer if len(offer) == max(1, facts.verdict.answer.lead_host.at_least) else []
    alone = [found for post in posts if len(found := holders(facts, form, [post])) == 1]
    return list(dict.fromkeys([found[0] for found in alone]))


def _is(facts: FormFacts, person: int, post: str) -> bool:
    """Whether a person holds the post, or none at all, as somebody who is named from visit to visit."""
    held = next((each.posts for each in facts.choices.people if each.id == person), ())
    return post in held or not held


def take(form: Form, field: Any) -> Form:
    """The form with what this field of the page now says."""
    name = field.id
    if name in LISTS:
        ticked = tuple([int(each.key) for each in field.options if each.key in field.value])
        return dining_with(form, ticked) if name == "diners" else put(form, {name: ticked})
    if name.startswith("lead-"):
        post = name.removeprefix("lead-")
        named = {key: person for key, person in form.per_visit.items() if key != post}
        return replace(form, per_visit={**named, post: int(field.value)} if field.value else named)
    if name == "arrangements":
        return replace(form, arrangements=field.value)
    return form
