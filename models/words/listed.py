"""A pasted list of people: a line for each, with tabs, commas or wide blanks between name, post and phone.

Nothing of it is dropped but numbering, quotation marks around a cell and the heads of columns.
"""

from __future__ import annotations

import re

from models.words.clean import clean

Person = dict[str, str]
"""What a line says of somebody, by the names of a guest's fields."""

_COLUMNS = ("name", "post", "address")
"""What the texts of a line are, in order; a phone number is one wherever it stands."""
_HEADS = {
    "name": ("姓名", "名字", "客人", "来宾", "name", "guest", "full name"),
    "post": ("职务", "职位", "职称", "岗位", "头衔", "post", "title", "position", "job title"),
    "address": ("称呼", "尊称", "address", "form of address"),
    "phone": ("电话", "手机", "手机号", "电话号码", "联系电话", "联系方式", "phone", "mobile", "tel", "telephone"),
    "diet": ("忌口", "饮食", "饮食禁忌", "diet"),
    "": ("序号", "编号", "no", "no.", "#", "nr"),
}
_HEAD = {word: field for field, words in _HEADS.items() for word in words}
_COMMAS, _WIDE = re.compile(r"[,，、;；|]"), re.compile(r"\u3000+|\s{2,}")
_NUMBERED = re.compile(r"^(?:\d{1,3}[.、．)）](?!\d)|[(（]\d{1,3}[)）]|[-*•●])\s*")
_PHONE = re.compile(r"(?P<rest>.*?)[\s:：]*(?P<phone>\(?\+?\d[\d\s()+./-]{5,}\d)", re.DOTALL)
_POST = re.compile(r".*(?:长|经理|主管|员|师|主任|书记|助理|总监|教授|总裁|主席|秘书|代表|总工)")


def people(text: str) -> list[Person]:
    """Those whom a pasted text lists, at least two or one with something beside the name; none where it is no list."""
    lines = [line for line in re.split(r"\r\n|[\r\n\u2028\u2029]", text) if line.strip()]
    rows = [_cells(line) for line in lines]
    if len(rows) == 1 and "\t" not in text:
        rows = _of_one_line(rows[0], clean(lines[0]))
    heads = [_HEAD.get(cell.casefold()) for cell in rows[0]] if rows else []
    headed = "name" in heads and heads.count(None) < len(heads) / 2
    if headed:
        found = [_by_heads(cells, heads) for cells in rows[1:]]
    else:
        numbered = len(rows) > 1 and all(len(cells) > 1 and cells[0].isdecimal() for cells in rows)
        found = [_by_order(cells[numbered:]) for cells in rows]
    found = [person for person in found if any(person.values())]
    return found if len(found) > 1 or any(len(person) > 1 for person in found) else []


def is_table(text: str) -> bool:
    """Whether a pasted text has several cells in a line, so that it can be nothing but a list."""
    return "\t" in text or sum(len(person) > 1 for person in people(text)) > 1


def _cells(line: str) -> list[str]:
    if "\t" in line:
        parts = line.split("\t")
    else:
        line = _NUMBERED.sub("", line.strip())
        parts = _COMMAS.split(line) if _COMMAS.search(line) else _WIDE.split(line)
    cells = [clean(part).strip().strip('"').strip() for part in parts]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _of_one_line(cells: list[str], line: str) -> list[list[str]]:
    """The rows of a single line: names one after the other, unless it says a post or phone; none where it may be a
    name with a comma in it (`Berg, Anna`)."""
    if len(cells) < 2 or line.isascii():
        return [cells] if any(_PHONE.fullmatch(cell) for cell in cells) else []
    if any(_PHONE.fullmatch(cell) or _POST.fullmatch(cell) for cell in cells[1:]):
        return [cells]
    return [[cell] for cell in cells]


def _by_order(cells: list[str]) -> Person:
    person: Person = {}
    texts: list[str] = []
    for cell in cells:
        found = _PHONE.fullmatch(cell)
        rest = found["rest"].strip() if found else cell
        if found:
            _add(person, "phone", found["phone"].strip())
        if rest or not found:
            texts.append(rest)
    for at, text in enumerate(texts):
        _add(person, _COLUMNS[at] if at < len(_COLUMNS) else "post", text)
    return person


def _by_heads(cells: list[str], heads: list[str | None]) -> Person:
    person: Person = {}
    for at, cell in enumerate(cells):
        field = heads[at] if at < len(heads) else None
        if field != "":
            _add(person, field or "post", cell)
    return person


def _add(person: Person, field: str, text: str) -> None:
    if text:
        person[field] = f"{person[field]} {text}" if field in person else text
