"""A whole small policy as a text, for tests that change a line of it."""

from __future__ import annotations

SMALL = """\
effective = 2026-01-01
judged_on = "visit"
currency = { code = "USD", minor = 2 }
labels = { tier = "level" }

[list]
rank = ["minister", "bureau", "other"]
meal = ["lunch", "banquet"]
lodging = ["suite", "single"]
item = ["meal", "lodging", "gift"]
band = ["A", "B"]
fund = ["state", "gift_fund"]
equipment = ["screen", "mic"]

[calendar]
holidays = [{ name = "Founders' day", days = "2026-05-04..2026-05-05" }]
workdays = [2026-05-09]

[[tier]]
id = "high"

[[tier]]
id = "low"
name = { zh = "低", en = "Low" }

[[kind]]
id = "guest"
owner = "front"

[[department]]
id = "front"
head = "chief"

[[post]]
id = "chief"

[[post]]
id = "clerk"
up = "chief"
rank = "bureau"

[[route]]
steps = [{ by = "@owner_head", do = "decide" }]

[[notice]]
least = "3wd"
never = "-2d"

[[companions]]
most = { base = 5, over = 5, each = "1/2" }

[[cap]]
id = { high = "C1", low = "C2" }
item = "meal"
per = "person_meal"
by = "tier"
most = { high = 80.50, low = 40 }

[[cap]]
item = "lodging"
per = "night"
most = "suite"

[[cap]]
item = "gift"
per = "guest 1y"
most = 300
count = 2
when = { lead = "..24h" }

[[sign]]
by = "chief"
when = { of_cap = ">100%..200%" }

[[need]]
id = "letter"
due = "arrive -2w"

[[need]]
id = "fund"
type = "choice"

[[check]]
text = "late at night"
when = { words = ["club"] }

[[stage]]
id = "hall"
at = "arrive +30m"

[[stage]]
id = "table"
at = "hall +1h"

[[duty]]
id = "sweep"
party = "front"
stage = "hall"
equipment = "screen"
due = "hall -1h"

[[duty]]
id = "lay"
party = "@department"
after = ["sweep"]
may_drop = true

[[change]]
fields = ["tier", "headcount+"]

[[booking]]
thing = "room"
for = ["hall", "departure"]
before = "30m"
after = "2h"
when = { headcount = "..20" }

[[booking]]
thing = ["car", "person"]
clash = "gap"
least = "45m"
breach = "warn"
"""


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The text with the one place that says `old` saying `new`."""
    assert text.count(old) == 1, f"{text.count(old)} × {old!r}"
    return text.replace(old, new)


def with_row(table: str, row: str) -> str:
    """The text with one more row of `table`."""
    return f"{SMALL}\n[[{table}]]\n{row}\n"
