"""The small readers a policy file is read with: each takes one raw TOML value and gives one typed one.

A reader that cannot make sense of its value raises `Wrong`; `attempt` notes that with its place and goes on, so
that all problems of a file come at once. Readers of many values note each one's problem by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from models.policy.problem import SHOWN, Path
from models.policy.record import record
from models.words import Name, Phrase, clean

T = TypeVar("T")


class Wrong(Exception):
    """A value cannot be what its key wants; `problem` is the sentence in `policy.*`, `facts` fill it."""

    def __init__(self, problem: str, /, **facts: object) -> None:
        super().__init__(problem)
        self.phrase = Phrase(f"policy.{problem}", facts)


class Reading:
    """What readers share: the ids that the file declares, how many digits money has, and what is wrong so far.

    `ids` by table, `lists` by list, `fields` the type of each extra field of the form.
    """

    def __init__(
        self,
        ids: Mapping[str, tuple[str, ...]],
        lists: Mapping[str, tuple[str, ...]],
        fields: Mapping[str, str],
        minor: int,
    ) -> None:
        self.ids = ids
        self.lists = lists
        self.fields = fields
        self.minor = minor
        self.wrong: list[tuple[Path, Phrase]] = []

    def note(self, at: Path, problem: str, /, **facts: object) -> None:
        """Something is wrong at `at`: `problem` is the sentence in `policy.*`, `facts` fill it."""
        self.wrong.append((at, Phrase(f"policy.{problem}", facts)))


Reader = Callable[[Reading, Path, object], T]


def attempt(r: Reading, at: Path, reader: Reader[T], value: object, fallback: Any = None) -> T | Any:
    """What `reader` makes of `value`; when it cannot, that is noted and `fallback` taken."""
    try:
        return reader(r, at, value)
    except Wrong as wrong:
        r.wrong.append((at, wrong.phrase))
        return fallback


@record
class Key:
    """One key of a table: how its value is read, whether it must be there, and what it is when absent."""

    reader: Reader[Any]
    default: Any = None
    needed: bool = False


def must(reader: Reader[Any]) -> Key:
    """A key that has to be there."""
    return Key(reader, needed=True)


def may(reader: Reader[Any], default: Any = None) -> Key:
    """A key that may be absent, and is `default` then."""
    return Key(reader, default)


def table(r: Reading, at: Path, value: object, keys: Mapping[str, Key]) -> dict[str, Any]:
    """The values of a TOML table by `keys`; unknown, missing and bad ones are noted. Raises Wrong if it is none."""
    if not isinstance(value, dict):
        raise Wrong("bad_table", value=shown(value), allowed=listed(keys))
    for name in value:
        if name not in keys:
            near = nearest(name, keys) if len(r.wrong) < SHOWN else ""  # looking for it takes longer than all the rest
            r.note((*at, name), "unknown_key", value=clean(name), allowed=listed(keys), nearest=near)
    read: dict[str, Any] = {}
    for name, key in keys.items():
        if name in value:
            read[name] = attempt(r, (*at, name), key.reader, value[name], key.default)
        else:
            if key.needed:
                r.note(at, "missing_key", key=name)
            read[name] = key.default
    return read


def rows_of(keys: Mapping[str, Key], make: Callable[..., T], *, least: int = 0) -> Reader[tuple[T, ...]]:
    """A reader of an array of at least so many tables, each read by `keys` and given to `make` by name."""

    def one(r: Reading, at: Path, value: object) -> T:
        return make(**table(r, at, value, keys))

    return many(one, least=least)


def many(reader: Reader[T], *, least: int = 0) -> Reader[tuple[T, ...]]:
    """A reader of an array, of at least so many."""

    def read(r: Reading, at: Path, value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise Wrong("bad_list", value=shown(value))
        if len(value) < least:
            raise Wrong("empty_list")
        return _each(r, at, reader, value)

    return read


def one_or_many(reader: Reader[T]) -> Reader[tuple[T, ...]]:
    """A reader of one value or an array of at least one."""

    def read(r: Reading, at: Path, value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            return (reader(r, at, value),)
        if not value:
            raise Wrong("empty_list")
        return _each(r, at, reader, value)

    return read


def _each(r: Reading, at: Path, reader: Reader[T], values: list[object]) -> tuple[T, ...]:
    missing = object()
    read = [attempt(r, (*at, index), reader, item, missing) for index, item in enumerate(values)]
    return tuple(item for item in read if item is not missing)


# words, flags, choices


def text(r: Reading, at: Path, value: object) -> str:
    """A text of at least one visible character."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong("bad_text", value=shown(value))
    return value


LANGUAGES: dict[str, Key] = {"zh": may(text), "en": may(text)}


def name(r: Reading, at: Path, value: object) -> Name:
    """A text, or a table of texts by language."""
    if isinstance(value, str):
        return Name.of(text(r, at, value))
    if not isinstance(value, dict):
        raise Wrong("bad_name", value=shown(value))
    texts = {code: said for code, said in table(r, at, value, LANGUAGES).items() if said is not None}
    if not texts:
        raise Wrong("bad_name", value=shown(value))
    return Name(texts)


def identifier(r: Reading, at: Path, value: object) -> str:
    """An id: letters, digits and underscores."""
    if not isinstance(value, str) or not is_id(value):
        raise Wrong("bad_id", value=shown(value))
    return value


def is_id(value: str) -> bool:
    """Whether a text is of letters, digits and underscores."""
    return value.replace("_", "a").isalnum()


def flag(r: Reading, at: Path, value: object) -> bool:
    """true or false."""
    if value in ("true", "false"):
        raise Wrong("quoted_flag", value=value)
    if not isinstance(value, bool):
        raise Wrong("bad_flag", value=shown(value))
    return value


def choice(*allowed: str) -> Reader[str]:
    """A reader of one of a few fixed words."""

    def read(r: Reading, at: Path, value: object) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise Wrong("bad_choice", value=shown(value), allowed=listed(allowed), nearest=nearest(value, allowed))

    return read


def known(value: object, ids: Iterable[str], what: str) -> str:
    """`value` if it is one of `ids`, which are the `what` of the file; else Wrong with the nearest."""
    ids = tuple(ids)
    if isinstance(value, str) and value in ids:
        return value
    if isinstance(value, str) and value.startswith("@"):
        raise Wrong("no_reference", value=shown(value), what=what, allowed=listed(ids))
    if not ids:
        raise Wrong("none_declared", value=shown(value), what=what)
    raise Wrong("unknown_id", value=shown(value), what=what, allowed=listed(ids), nearest=nearest(value, ids))


def ref(what: str) -> Reader[str]:
    """A reader of the id of a row of the table `what`."""
    return lambda r, at, value: known(value, r.ids[what], f"[[{what}]]")


# saying


def shown(value: object) -> str:
    """A raw value as the file writes it, on one safe line, shortened."""
    if isinstance(value, bool):
        said = "true" if value else "false"
    elif isinstance(value, dict):
        said = "{ " + ", ".join(f"{key} = …" for key in list(value)[:4]) + " }"
    elif isinstance(value, list):
        said = "[…]" if value else "[]"
    elif isinstance(value, int):
        said = str(value) if value.bit_length() < 80 else "…"
    else:
        said = str(value)
    said = clean(said[:200])
    return said if len(said) <= 60 else said[:59] + "…"


def listed(allowed: Iterable[str]) -> str:
    """What is allowed, one after the other, shortened where there is much."""
    said = [clean(word) for word in allowed]
    return ", ".join(said[:30]) + (" …" if len(said) > 30 else "")


def nearest(value: object, allowed: Iterable[str]) -> Phrase | str:
    """The nearest of what is allowed, to be put after it; empty where none is near."""
    import difflib

    words = {word.lower(): word for word in allowed}
    found = difflib.get_close_matches(str(value)[:60].lower(), words, n=1, cutoff=0.5)
    return Phrase("policy.nearest", {"id": clean(words[found[0]])}) if found else ""
