"""How `check` and `try` grow with the length of a policy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from models.policy.answer import answer_json
from models.policy.judge import judge
from models.policy.lint import lint
from models.policy.load import load_file, load_versions, read_versions
from models.policy.model import version_for
from models.policy.request_file import days_of, read_request
from tests.bench.measure import Row

CONFIG = Path(__file__).parents[2] / "config.toml"
LINES = 5000
AIM = 3.0
REQUEST = """
kind = "customer"
tier = "vip"
client = "江南智造集团"
headcount = 6
requested_at = 2026-11-23T09:00:00
arrive = 2026-11-30T10:20:00
depart = 2026-12-02T15:00:00
purposes = ["inspection", "cooperation"]
services = ["car", "tour", "fruit"]
wants = ["gifts"]
applicant = "project_sales_lead"
city = "杭州"
meals = [
  { meal = "lunch", venue = "in_house", companions = 7, price = 150, bottles = 4, packs = 3 },
  { meal = "banquet", venue = "outside", companions = 5, price = 160, on = 2026-12-01 },
]
lodging = [{ grade = "four_star", price = 480, nights = 2 }]
costs = [{ item = "gift", quantity = 6, unit = "piece", price = 200 }]
host = ["general_manager"]
"""


def rows(runs: int) -> Iterator[Row]:
    """The time a line takes in a policy of 5,000 lines, to that in the default policy."""
    with TemporaryDirectory() as folder:
        long = Path(folder) / "long.toml"
        long.write_text(long_policy(), "utf-8")
        for name, run in {"check": checked, "try": tried}.items():
            short, other = (_per_line(run, path, runs) for path in (CONFIG, long))
            said = f"{other / short:.2f} x CPU ({other:.0f} µs to {short:.0f})"
            yield Row(f"{name}, a line of {_lines(long)}, to one of {_lines(CONFIG)}", f"{AIM:g} x", said)


def checked(path: Path) -> None:
    """What `jiedai check` does, without the start of Python. Raises RuntimeError where something is wrong."""
    versions, problems = read_versions(str(path))
    if problems or [odd for version in versions for odd in lint(version.policy)]:
        raise RuntimeError(f"{path}: {problems}")


def tried(path: Path) -> None:
    """What `jiedai try --json` does, without the start of Python."""
    requested, arrives = days_of(REQUEST)
    assert requested is not None
    policy = version_for(load_versions(str(path)), requested, arrives)
    request, _ = read_request(policy, REQUEST)
    answer_json(judge(policy, request), policy, "zh")


def long_policy(lines: int = LINES) -> str:
    """The default policy with so many more rows of every table that it has that many lines, none of them odd."""
    text = CONFIG.read_text("utf-8")
    before = {"route": "", "notice": "", "lead_host": "", "companions": ""}
    parts = [text]
    count = text.count("\n")
    for n in range(lines):
        if count >= lines:
            break
        for table, keys in _rows(n):
            row = f"\n[[{table}]]\n{keys}"
            count += row.count("\n")
            if table in before:
                before[table] += row
            else:
                parts.append(row)
    whole = "".join(parts)
    for table, rows in before.items():  # before the row that always holds
        whole = whole.replace(f"[[{table}]]", f"{rows}\n[[{table}]]", 1)
    return whole


def _rows(n: int) -> Iterator[tuple[str, str]]:
    """The rows of one more kind of visitor, with all that is said of it."""
    kind = f"kind_{n}"
    yield "kind", f'id = "{kind}"\nname = {{ zh = "来宾 {n}", en = "Visitors {n}" }}\nowner = "department_{n}"\n'
    yield (
        "department",
        f'id = "department_{n}"\nname = {{ zh = "部门 {n}", en = "Department {n}" }}\nhead = "head_{n}"\n',
    )
    yield "post", f'id = "head_{n}"\nname = "部长 {n}"\nup = "general_manager"\ndepartment = "department_{n}"\n'
    yield (
        "route",
        f'id = "route_{n}"\nwhen = {{ kind = "{kind}", headcount = "6.." }}\n'
        f'steps = [{{ by = "head_{n}", do = "opinion" }}, {{ by = "general_manager", do = "decide" }}]\n',
    )
    yield "notice", f'id = "notice_{n}"\nwhen = {{ kind = "{kind}" }}\nleast = "{n % 9 + 1}wd"\nnever = "0d"\n'
    yield (
        "lead_host",
        f'id = "host_{n}"\nwhen = {{ kind = "{kind}", tier = "vip" }}\nposts = ["head_{n}"]\nhigher = true\n',
    )
    yield (
        "companions",
        f'id = "with_{n}"\nwhen = {{ kind = "{kind}" }}\nmost = {{ base = 3, over = 10, each = "1/3" }}\n',
    )
    for item, per in (("meal", "person_day"), ("gift", "guest 1y"), ("lodging", "visit")):
        most = "{ vip = 400, distinguished = 300.50, business = 200, routine = 100 }"
        when = f'{{ kind = "{kind}", city = ["city_{n}", "city_{n + 1}"], date = "07-01..08-31" }}'
        yield "cap", f'item = "{item}"\nper = "{per}"\nby = "tier"\nmost = {most}\nbreach = "warn"\nwhen = {when}\n'
    yield "sign", f'when = {{ kind = "{kind}", of_cap = ">100%..200%" }}\nby = "head_{n}"\n'
    yield "need", f'id = "need_{n}"\nname = "材料 {n}"\ndue = "arrive -2w"\nwhen = {{ kind = "{kind}" }}\n'
    yield "check", f'text = "检查 {n}"\nbreach = "warn"\nwhen = {{ kind = "{kind}", words = ["会所 {n}"] }}\n'
    yield "stage", f'id = "stage_{n}"\nat = "arrive +{n % 50}h"\nwhen = {{ kind = "{kind}" }}\n'
    for m in range(4):
        yield (
            "duty",
            f'id = "duty_{n}_{m}"\nparty = "department_{n}"\nstage = "stage_{n}"\n'
            f'text = {{ zh = "任务 {n}", en = "Duty {n}" }}\ndue = "stage_{n} -1h"\n'
            + (f'after = ["duty_{n}_{m - 1}"]\n' if m else "")
            + f'when = [{{ kind = "{kind}" }}, {{ tier = "vip" }}]\nmay_drop = {{ tier = "routine" }}\n',
        )


def _lines(path: Path) -> int:
    return path.read_text("utf-8").count("\n")


def _per_line(run: Callable[[Path], None], path: Path, runs: int) -> float:
    """Microseconds a line, in the median."""
    load_file(path)
    taken = []
    for _ in range(runs):
        begin = time.process_time()
        run(path)
        taken.append(time.process_time() - begin)
    return median(taken) * 1e6 / _lines(path)
