"""The sentences of both languages belong together, and are filled in literally."""

from __future__ import annotations

import marshal
import pickle
import subprocess
import sys
from string import Formatter

import pytest

from models.policy.keys import LABELS
from models.words import Name, Phrase, Unreadable, Words, words
from models.words.catalogue import LANGUAGES, Sentence, areas, sentences

AREAS = areas("zh")
BOTH = pytest.mark.parametrize("area", AREAS)


def forms(sentence: Sentence) -> list[str]:
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def placeholders(sentence: Sentence) -> set[str]:
    return {name for form in forms(sentence) for _, name, _, _ in Formatter().parse(form) if name is not None}


def test_both_languages_have_the_same_areas() -> None:
    assert "dates" in AREAS
    assert areas("en") == AREAS


@BOTH
def test_both_languages_have_the_same_keys_and_placeholders(area: str) -> None:
    chinese, english = sentences("zh", area), sentences("en", area)
    assert chinese.keys() == english.keys()
    wrong = {key for key in chinese if placeholders(chinese[key]) != placeholders(english[key])}
    assert not wrong


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_well_made(area: str, language: str) -> None:
    for key, sentence in sentences(language, area).items():
        assert all(form.strip() and form == form.strip() for form in forms(sentence)), key
        assert all(name.isidentifier() for name in placeholders(sentence)), key
        assert isinstance(sentence, str) or "one" not in sentence or "n" in placeholders(sentence), key


def test_a_sentence_is_filled_in() -> None:
    assert words("zh")("dates.span.hours", n=3) == "3 小时"
    assert words("en")("dates.span.hours", n=3) == "3 h"


def test_values_are_inserted_as_they_are() -> None:
    assert "“{n} {0} %s {”" in words("en")("dates.not_a_time", value="{n} {0} %s {")


def test_the_plural_follows_n() -> None:
    assert [words("en")("dates.span.days", n=n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert words("zh")("dates.span.days", n=1) == "1 天"


@pytest.mark.parametrize(
    "key", ["dates.nonsense", "nonsense.title", "dates", "dates.weekday", "", "../zh/dates.today", "a/b.c"]
)
def test_an_unknown_key_is_an_error(key: str) -> None:
    with pytest.raises(KeyError):
        words("zh")(key)


def test_a_value_nobody_knows_is_said_as_it_is() -> None:
    """A row that is not sound costs a cell: the state of a leg that a later program, or another, has written."""
    assert words("zh")("travel.state.{lost}") == "?{lost}"
    assert words("en")("done.state.lost") == "?lost"


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(KeyError):
        words("zh")("dates.span.hours")


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_those_a_policy_may_have(area: str, language: str) -> None:
    for key, sentence in sentences(language, area).items():
        ours = {name[4:] for name in placeholders(sentence) if name.startswith(("our_", "Our_"))}
        own = {sentence["own"]} if isinstance(sentence, dict) and "own" in sentence else set()
        assert ours | own <= set(LABELS), key


def test_an_organisation_is_spoken_to_in_its_own_words() -> None:
    labels = {"host": Name({"zh": "接待人", "en": "Receiving {officer}"}), "tier": Name.of("VIP class")}
    plain, theirs = words("en"), words("en").of(labels, tiers=True)
    assert plain("visit.form.hosts") == "Lead host"
    assert theirs("visit.form.hosts") == "Receiving {officer}"
    assert plain("today.no_host") == "no lead host yet"
    assert theirs("today.no_host") == "no receiving {officer} yet"
    assert theirs("wizard.no_tier") == "no VIP class chosen yet"
    assert words("zh").of(labels, tiers=True)("today.hosted", who="李明") == "接待人 李明"
    assert plain("visit.form.hosts") == "Lead host", "nobody else is spoken to so"


def test_where_there_are_no_tiers_nothing_speaks_of_one() -> None:
    for language, word in (("zh", "级别"), ("en", "tier")):
        w = words(language).of({}, tiers=False)
        for key in ("wizard.page.plan", "help.standards", "help.calendar", "commands.standards.later.help"):
            assert word not in w(key).casefold(), key
            assert word in words(language)(key).casefold(), key


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        words("fr")


def test_a_name_is_said_in_the_language_or_in_another() -> None:
    both, one, german = Name({"zh": "贵宾级", "en": "VIP"}), Name.of("A 级"), Name({"de": "Ehrengast"})
    zh, en = words("zh"), words("en")
    assert [zh.name(both), en.name(both)] == ["贵宾级", "VIP"]
    assert [zh.name(one), en.name(one)] == ["A 级", "A 级"]
    assert [zh.name(german), en.name(german)] == ["Ehrengast", "Ehrengast"]
    assert en.name(Name({"zh": "贵宾级"})) == "贵宾级"
    assert set(both.all()) == {"贵宾级", "VIP"}


def test_names_are_values() -> None:
    assert Name({"zh": "甲", "en": "A"}) == Name({"en": "A", "zh": "甲"}) != Name.of("A")
    assert len({Name.of("A"), Name.of("A"), Name.of("B")}) == 2
    assert pickle.loads(pickle.dumps(Name.of("A"))) == Name.of("A")
    with pytest.raises(ValueError, match="at least one language"):
        Name({})


def test_a_phrase_is_said_later_in_the_readers_language() -> None:
    phrase = Phrase("dates.span.hours", {"n": 2})
    assert [words(language).text(phrase) for language in LANGUAGES] == ["2 小时", "2 h"]
    assert phrase == Phrase("dates.span.hours", {"n": 2}) != Phrase("dates.span.hours", {"n": 3})
    assert hash(phrase) == hash(Phrase("dates.span.hours", {"n": 2}))


def test_facts_may_be_names_and_phrases() -> None:
    inner = Phrase("dates.moment", {"day": Phrase("dates.today"), "time": Name({"zh": "午", "en": "noon"})})
    assert [words(language).text(inner) for language in LANGUAGES] == ["今天 午", "today noon"]


def test_a_plain_text_is_said_as_it_is() -> None:
    assert words("zh").text("{x}") == "{x}"


def test_an_unreadable_value_carries_its_phrase() -> None:
    phrase = Phrase("dates.not_a_date", {"value": "x"})
    assert Unreadable(phrase).phrase == phrase
    assert "dates.not_a_date" in str(Unreadable(phrase))


def test_only_the_area_asked_for_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def fake(language: str, area: str) -> dict[str, Sentence]:
        read.append(f"{language}/{area}")
        return {f"{area}.x": "1"}

    monkeypatch.setattr("models.words.catalogue._read", fake)
    w = Words("en")
    assert (w("one.x"), w("one.x"), w("two.x")) == ("1", "1", "1")
    assert read == ["en/one", "en/two"]


def test_sentences_may_come_from_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    known = marshal.loads(marshal.dumps(sentences("en", "dates")))
    monkeypatch.setattr("models.words.catalogue._read", pytest.fail)
    w = Words("en")
    w.keep("dates", known)
    assert w("dates.span.days", n=1) == "1 day"


def test_importing_is_light_and_reads_nothing() -> None:
    heavy = {"tomllib", "re", "rich", "textual", "pypinyin", "datetime"}
    code = f"import sys; sys.path[:0] = {sys.path!r}; import models.words; print(*{heavy!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
