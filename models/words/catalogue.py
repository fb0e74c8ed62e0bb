"""The program's own sentences, by language, and the names and phrases that are said in the reader's."""

from __future__ import annotations

import os

from models.words.person_names import Acting, Inactive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LANGUAGES = ("zh", "en")
_FOLDER = os.path.dirname(os.path.abspath(__file__))
_FORMS = frozenset(["one", "other", "own", "untiered"])
"""How a sentence may have several forms: `other`, and beside it `one` for a fact `n` of 1, `untiered` where there are
no tiers, `own` the label that stands in its place where the organisation has a word of its own for that."""
_PLACES = ("{our_", "{Our_")
"""How the place of a label in a sentence begins: `{our_host}`; `{Our_host}` where it is written large."""
_ANY = ""

Sentence = str | dict[str, str]


class Name:
    """What the policy calls something, by language; immutable and hashable."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        """`texts` by language code; raises ValueError when there is none."""
        if not texts:
            raise ValueError("a name needs at least one language")
        self._texts = tuple(sorted(texts.items()))

    @classmethod
    def of(cls, text: str) -> Name:
        """One name for every language."""
        return cls({_ANY: text})

    def say(self, language: str) -> str:
        """The name in `language`, else the one for every language, else any other."""
        texts = dict(self._texts)
        return texts.get(language) or texts.get(_ANY) or self._texts[-1][1]

    def all(self) -> Iterable[str]:
        """The name in every language it has, for finding it."""
        return tuple(text for _, text in self._texts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and self._texts == other._texts

    def __hash__(self) -> int:
        return hash(self._texts)

    def __repr__(self) -> str:
        return f"Name({dict(self._texts)!r})"


class Phrase:
    """A catalogue key with its facts, said later in the reader's language; immutable, hashable when
    its facts are. A fact may itself be a `Name` or a `Phrase`."""

    __slots__ = ("_facts", "key")

    def __init__(self, key: str, facts: Mapping[str, object] | None = None) -> None:
        self.key = key
        self._facts = tuple(sorted((facts or {}).items()))

    @property
    def facts(self) -> dict[str, object]:
        """The facts by placeholder, as a copy."""
        return dict(self._facts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and (self.key, self._facts) == (other.key, other._facts)

    def __hash__(self) -> int:
        return hash((self.key, self._facts))

    def __repr__(self) -> str:
        return f"Phrase({self.key!r}, {self.facts!r})"


class Unreadable(ValueError):
    """What was typed cannot be understood; `phrase` says what it was and what is allowed."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(repr(phrase))
        self.phrase = phrase


class Words:
    """The sentences of one language; each area's file is read when it is first asked for."""

    __slots__ = ("_areas", "_labels", "_tiers", "language")

    def __init__(self, language: str) -> None:
        self.language = language
        self._areas: dict[str, dict[str, Sentence]] = {}
        self._labels: Mapping[str, Name] = {}
        self._tiers = True

    def of(self, labels: Mapping[str, Name], *, tiers: bool) -> Words:
        """The same sentences in the words of an organisation: its labels for our nouns, and none for a tier where it
        has no `tiers`."""
        made = Words(self.language)
        made._areas, made._labels, made._tiers = self._areas, labels, tiers
        return made

    def __call__(self, key: str, /, **facts: object) -> str:
        """The sentence of `key` (`area.rest`) with `facts` filled in, plural chosen by fact `n`.
        Raises KeyError for an unknown key or a missing fact; but a value without a sentence among sentences for values
        (`travel.state.` whatever a row says) is said as it is, after a question mark."""
        sentence = self._sentence(key)
        if isinstance(sentence, dict):
            sentence = self._form(sentence, facts)
        for place in _PLACES:
            if place in sentence:
                sentence = self._in_our_words(sentence, place)
        return sentence.format_map({name: self._fact(fact) for name, fact in facts.items()})

    def has(self, key: str) -> bool:
        """Whether there is a sentence of that key. Raises KeyError for an unknown area."""
        return key in self._known(key)

    def keep(self, area: str, known: dict[str, Sentence]) -> None:
        """Take an area's sentences (as `sentences` gave them) from a cache instead of its file, whose reading
        costs as much as the whole start of Python."""
        self._areas[area] = known

    def name(self, name: Name) -> str:
        """A name of the policy in this language, or in any other it has."""
        return name.say(self.language)

    def people(self, names: Iterable[str]) -> str:
        """Names of people beside each other; of who is switched off it is said what the mark means, and of who acts for
        somebody for whom."""
        return " ".join(map(self._person, names))

    def _person(self, name: str) -> str:
        if isinstance(name, Acting):
            return self("kit.acting", name=name.name, whom=name.whom)
        return self("kit.inactive", name=str(name)) if isinstance(name, Inactive) else name

    def text(self, what: Name | Phrase | str) -> str:
        """A name or a phrase in this language; a plain text as it is."""
        if isinstance(what, Name):
            return self.name(what)
        if isinstance(what, Phrase):
            return self(what.key, **what.facts)
        return what

    def _form(self, forms: dict[str, str], facts: Mapping[str, object]) -> str:
        if not self._tiers and "untiered" in forms:
            return forms["untiered"]
        own = self._labels.get(forms.get("own", ""))
        if own is not None:
            return _literal(self.name(own))
        one = "one" in forms and str(facts.get("n")) == "1"
        return forms["one" if one else "other"]

    def _in_our_words(self, sentence: str, place: str) -> str:
        """The sentence with the labels in their places, as if it had been written with them."""
        said, *rest = sentence.split(place)
        for each in rest:
            label, _, after = each.partition("}")
            said += self._label(label, large=place == _PLACES[1]) + after
        return said

    def _label(self, label: str, *, large: bool) -> str:
        """A label as it stands in a sentence: its first letter large, else small where that is no abbreviation."""
        name = self._labels.get(label)
        text = self(f"label.{label}") if name is None else self.name(name)
        if large:
            text = text[:1].upper() + text[1:]
        elif text[1:2].islower():
            text = text[:1].lower() + text[1:]
        return _literal(text)

    def _fact(self, fact: object) -> object:
        if isinstance(fact, Inactive):
            return self.people([fact])
        return self.text(fact) if isinstance(fact, (Name, Phrase)) else fact

    def _sentence(self, key: str) -> Sentence:
        known = self._known(key)
        return known[key] if key in known else _unknown(key, known)

    def _known(self, key: str) -> dict[str, Sentence]:
        """The sentences of a key's area."""
        area = key.partition(".")[0]
        if area not in self._areas:
            self._areas[area] = _read(self.language, area)
        return self._areas[area]


def _unknown(key: str, known: Iterable[str]) -> str:
    """What is said of a value that nobody knows, from a row that is not sound."""
    values, _, value = key.rpartition(".")
    if "." not in values or not any(each.startswith(f"{values}.") for each in known):
        raise KeyError(key)
    return _literal(f"?{value}")


def _literal(text: str) -> str:
    """A text that filling in leaves as it is."""
    return text.replace("{", "{{").replace("}", "}}")


_known = {language: Words(language) for language in LANGUAGES}


def words(language: str) -> Words:
    """The `Words` of "zh" or "en", always the same object; any other code raises KeyError."""
    return _known[language]


def areas(language: str) -> list[str]:
    """The areas a language has a file for, in order."""
    names = os.listdir(os.path.join(_FOLDER, language))
    return sorted(name[:-5] for name in names if name.endswith(".toml"))


def sentences(language: str, area: str) -> dict[str, Sentence]:
    """Every sentence of an area by its whole key; raises KeyError when there is no such area."""
    return _read(language, area)


def _read(language: str, area: str) -> dict[str, Sentence]:
    import tomllib

    if not area.isidentifier():
        raise KeyError(area)
    try:
        with open(os.path.join(_FOLDER, language, area + ".toml"), "rb") as file:
            tables = tomllib.load(file)
    except FileNotFoundError:
        raise KeyError(area) from None
    flat: dict[str, Sentence] = {}
    _flatten(area, tables, flat)
    return flat


def _flatten(prefix: str, table: Mapping[str, object], flat: dict[str, Sentence]) -> None:
    for key, value in table.items():
        whole = f"{prefix}.{key}"
        if not isinstance(value, dict):
            flat[whole] = str(value)
        elif "other" in value and value.keys() <= _FORMS:
            flat[whole] = value
        else:
            _flatten(whole, value, flat)
