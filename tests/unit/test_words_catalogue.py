"""The catalogues and what is said from them."""

from __future__ import annotations

import ast
import marshal
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.keys import LABELS
from models.policy.load import load_text
from models.policy.model import item_name
from models.policy.request_file import read_request
from models.policy.table_text import text_rows
from models.words import Name, Phrase, Unreadable, Words, words
from models.words.catalogue import LANGUAGES, Sentence, areas, sentences
from models.words.diets import COMMON, common, needs, said, say, summed
from models.words.money import MOST, NotMoney, parse_money, say_money
from tests.unit.policy_texts import changed

# -- words catalogue ---------------------------------------------------------------------------------------------------
#
# The sentences of both languages belong together, and are filled in literally.


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


# -- words said --------------------------------------------------------------------------------------------------------
#
# No sentence stays in the catalogues when the code no longer says it.


ROOT = Path(__file__).parents[2]
FILLED = "(.+)"
OF_THE_TERMINAL = ("kit.key.",)
"""Names of keys: settings and commands may ask for any that a terminal has."""
OF_THE_STORE = ("fields.visit_person",)
"""Names of tables, as peewee makes them of their classes."""


def nodes() -> Iterator[ast.AST]:
    """All that stands in the code of the program."""
    for package in ("models", "screens", "tui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield from ast.walk(ast.parse(path.read_text("utf-8")))


def pattern(text: ast.JoinedStr) -> str:
    """An f-string as what it may become."""
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else FILLED for part in text.values)


class Code:
    """The words that the code is made of, and the patterns its f-strings are."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        patterns: set[str] = set()
        for node in nodes():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.words |= {node.value, node.value.replace(".", "_"), *re.findall(r"\w+", node.value)}
            elif isinstance(node, ast.JoinedStr):
                patterns.add(pattern(node))
            elif isinstance(node, ast.FunctionDef):
                self.words.add(node.name)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                self.words.add(node.target.id)
        self.wholes = [re.compile(each) for each in patterns if re.match(r"[a-z_]+\\\.", each)]
        self.parts = [re.compile(each) for each in patterns if re.fullmatch(r"[\w().+]*[a-z_][\w().+]*", each)]

    def says(self, key: str) -> bool:
        """Whether `key` stands in the code, or an f-string that begins with its area can become it."""
        return key in self.words or self._made(key, self.wholes, 3)

    def _made(self, text: str, patterns: list[re.Pattern[str]], deep: int) -> bool:
        found = (each.fullmatch(text) for each in patterns) if deep else ()
        return any(all(self._known(part, deep - 1) for part in match.groups()) for match in found if match)

    def _known(self, text: str, deep: int) -> bool:
        pieces = text.split(".")
        return all(piece in self.words or self._made(piece, self.parts, deep) for piece in pieces)


def test_what_nobody_says_is_noticed() -> None:
    code = Code()
    assert code.says("kit.no")
    assert code.says("done.leg_added")
    assert not code.says("kit.nobody_says_this")
    assert not code.says("done.leg_nobody_says_this")


def test_every_sentence_is_said_by_the_code() -> None:
    code = Code()
    keys = [key for area in areas("zh") for key in sentences("zh", area)]
    assert [key for key in keys if not key.startswith(OF_THE_TERMINAL + OF_THE_STORE) and not code.says(key)] == []


# -- words money -------------------------------------------------------------------------------------------------------
#
# Amounts are typed in many ways and kept in one.


@pytest.mark.parametrize(
    ("minor", "digits", "said"),
    [
        (176000, 2, "1,760"),
        (176050, 2, "1,760.50"),
        (5, 2, "0.05"),
        (0, 2, "0"),
        (1760, 0, "1,760"),
        (-176005, 2, "-1,760.05"),
        (1234567, 3, "1,234.567"),
        (123456789000, 2, "1,234,567,890"),
    ],
)
def test_said(minor: int, digits: int, said: str) -> None:
    assert say_money(minor, digits) == said


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1,760", 176000),
        ("1760.5", 176050),
        ("1760.50", 176050),
        ("１７６０", 176000),
        ("１，７６０．５", 176050),
        ("¥1760", 176000),
        ("￥1,760", 176000),
        ("1760元", 176000),
        (" ¥ 1760 元 ", 176000),
        ("0", 0),
        ("007", 700),
        ("0.05", 5),
        ("1760。5", 176050),
        ("999,999,999", MOST * 100),
        ("1 200", 120000),
        ("1\u00a0200.50", 120050),
        ("1.2万", 1200000),
        ("１．２万元", 1200000),
        ("3千", 300000),
        ("1.2k", 120000),
        ("120块", 12000),
        ("120块钱", 12000),
        ("1200元整", 120000),
        ("RMB 1,200", 120000),
        ("1.00005万", 1000050),
    ],
)
def test_typed(text: str, minor: int) -> None:
    assert parse_money(text, 2) == minor


def test_a_currency_without_decimals() -> None:
    assert parse_money("1,760", 0) == 1760


@pytest.mark.parametrize(
    ("text", "digits", "key"),
    [
        ("", 2, "money.not_money"),
        ("abc", 2, "money.not_money"),
        ("17,60", 2, "money.not_money"),
        ("1,7600", 2, "money.not_money"),
        (",760", 2, "money.not_money"),
        ("1760,000", 2, "money.not_money"),
        (".5", 2, "money.not_money"),
        ("5.", 2, "money.not_money"),
        ("1.2.3", 2, "money.not_money"),
        ("1e5", 2, "money.not_money"),
        ("$5", 2, "money.not_money"),
        ("三百", 2, "money.not_money"),
        ("٣", 2, "money.not_money"),
        ("--5", 2, "money.not_money"),
        ("-5", 2, "money.negative"),
        ("－５", 2, "money.negative"),
        ("¥-5", 2, "money.negative"),
        ("1.555", 2, "money.decimals"),
        ("1.5", 0, "money.whole"),
        ("1000000000", 2, "money.too_much"),
        ("9" * 5000, 2, "money.too_much"),
    ],
)
def test_refused_with_a_sentence(text: str, digits: int, key: str) -> None:
    with pytest.raises(NotMoney) as refused:
        parse_money(text, digits)
    assert refused.value.phrase.key == key
    for language in ("zh", "en"):
        assert len(words(language).text(refused.value.phrase)) < 120


def test_the_sentence_names_the_value_and_what_is_allowed() -> None:
    with pytest.raises(NotMoney) as refused:
        parse_money("1.555")
    assert words("zh").text(refused.value.phrase) == "金额“1.555”小数太多：最多 2 位"
    assert words("en").text(refused.value.phrase) == "The amount “1.555” has too many decimals. At most 2"


@given(st.integers(0, MOST * 100), st.integers(0, 3))
def test_what_is_said_can_be_typed(minor: int, digits: int) -> None:
    if minor <= MOST * 10**digits:
        assert parse_money(say_money(minor, digits), digits) == minor


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount = parse_money(text)
    except NotMoney:
        return
    assert 0 <= amount <= MOST * 100


# -- words diets -------------------------------------------------------------------------------------------------------
#
# What people may not eat: told apart, known by any of their names, summed.


EVIL = "[/x] [bold] =cmd() 买买提·吐尔逊 𠮷"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("清真", "清真 1"),
        ("清真、花生过敏", "清真 1、花生过敏 1"),
        ("Halal, vegetarian", "清真 1、素食 1"),
        ("清真 2", "清真 2"),
        ("清真2人；素 3", "清真 2、素食 3"),
        ("2 halal, 1 vegetarian", "清真 2、素食 1"),
        ("清真×12", "清真 12"),
        ("忌鱼", "忌鱼 1"),
        ("缺维生素B12", "缺维生素B12 1"),
        ("无", ""),
        (" 、，, ", ""),
        ("清真 0", ""),
    ],
)
def test_what_is_typed_is_told_apart_with_its_number(text: str, told: str) -> None:
    assert say(needs(text), words("zh")) == told


def test_a_sum_counts_each_person_once_and_the_unnamed_as_often_as_said() -> None:
    guests = ["清真", "halal、清真餐", "", "素食，花生过敏", "无", "不吃香菜"]
    found = summed(guests, "清真 1、素食 2、忌鱼")
    assert say(found, words("zh")) == "清真 3、素食 3、花生过敏 1、不吃香菜 1、忌鱼 1"
    assert say(found, words("en")) == "halal 3, vegetarian 3, peanut allergy 1, 不吃香菜 1, 忌鱼 1"


def test_one_persons_number_is_one() -> None:
    assert say(summed(["清真 5"]), words("zh")) == "清真 1"


def test_what_is_offered_is_understood_in_both_languages() -> None:
    for code in LANGUAGES:
        offered = common(words(code))
        assert len(offered) == len(COMMON)
        assert say(summed(["、".join(offered)]), words(code)) == say(summed([", ".join(offered)]), words(code))
        assert [need.what for text in offered for need in needs(text)] == [
            n.what for n in needs("、".join(common(words("zh"))))
        ]


def test_whatever_is_typed_is_taken_as_it_is() -> None:
    assert say(needs(EVIL.replace("/", "")), words("en")) == EVIL.replace("/", "") + " 1"


def test_what_one_person_wrote_is_said_in_the_readers_words() -> None:
    assert said("清真、不吃香菜", words("en")) == "halal, 不吃香菜"
    assert said("Halal, peanut allergy", words("zh")) == "清真、花生过敏"


# -- item names --------------------------------------------------------------------------------------------------------
#
# What an item that every plan has is called: as the file says, else as we say, however its list is written.


LIST = 'item = ["meal", "lodging", "gift"]'


@pytest.mark.parametrize(
    ("written", "meal"),
    [
        (LIST, "用餐"),
        ('item = [{ id = "meal" }, "lodging", "gift"]', "用餐"),
        ('item = [{ id = "meal", name = "工作餐" }, "lodging", "gift"]', "工作餐"),
        ('item = ["lodging", "gift"]', "用餐"),
    ],
)
def test_an_item_without_a_name_keeps_ours(written: str, meal: str) -> None:
    policy = load_text(changed(LIST, written))
    assert item_name(policy, "meal").say("zh") == meal
    assert policy.name_of("lodging").say("zh") == "住宿"
    assert item_name(policy, "gift").say("zh") == "gift"
    assert any(meal in line.what for line in text_rows(policy, "cap", words("zh")))


@pytest.mark.parametrize("said", ["住宿", "Lodging", "lodging"])
def test_a_request_may_say_that_name(said: str) -> None:
    policy = load_text(changed(LIST, 'item = ["gift"]'))
    request, _ = read_request(
        policy,
        f"""
client = "Acme"
tier = "low"
headcount = 4
requested_at = 2026-11-23T09:00:00
arrive = 2026-12-23T09:00:00
depart = 2026-12-23T19:00:00
costs = [{{ item = "{said}", price = 5 }}]
""",
    )
    assert [cost.item for cost in request.costs] == ["lodging"]
