"""The command line: words, help, settings, cleaning, what is whole."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from models.schema.store import open_store
from models.words import cell_len
from tests.unit.conftest import Jiedai, Process
from tests.unit.life import default_text
from tui.cli.command_line import COMMANDS, OPTIONS
from tui.cli.out import json_text
from tui.version import VERSION

# -- cli ---------------------------------------------------------------------------------------------------------------
#
# The command line as a process: exit codes, streams, languages, what is imported, mistakes.


ROOT = Path(__file__).parents[2]


def test_the_version(process: Process) -> None:
    done = process("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"jiedai {VERSION}\n", "")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_the_terminal_in_both_languages(process: Process, command: str, language: str) -> None:
    done = process(*command.split(), "--help", "--lang", language, COLUMNS="80")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80
    assert ("Usage:" in done.stdout) == (language == "en")
    for name in COMMANDS if not command else ():
        assert name in done.stdout


def test_help_lists_what_a_command_takes_and_nothing_else(process: Process) -> None:
    told = process("verify", "-h").stdout
    assert [name for name in OPTIONS if f"--{name}" in told] == [
        "json",
        "head",
        "since",
        "store",
        "lang",
        "version",
        "help",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["vists"], "did you mean visits"),
        (["xyzzy"], "there are standards today"),
        (["today", "--jsn"], "did you mean --json"),
        (["today", "--bogus"], 'no option "--bogus"; there are'),
        (["where", "--stor=x"], "did you mean --store"),
        (["where", "--store"], "--store needs a value"),
        (["where", "--json=yes"], "--json takes no value"),
        (["tasks", "--head"], "tasks has no option --head"),
        (["--json"], "--json needs a command"),
        (["backup"], "backup needs the file"),
        (["where", "x"], '"x" is one word too many'),
        (["check", "a", "b"], '"b" is one word too many'),
        (["where", "--lang", "fr"], 'no language "fr"'),
        (["keys", "all"], '"all" is one word too many'),
        (["keys", "--config", "x"], "keys has no option --config"),
    ],
)
def test_what_cannot_be_understood_is_said_with_the_nearest(process: Process, words: list[str], said: str) -> None:
    done = process(*words, LC_ALL="en_GB.UTF-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "jiedai --help" in done.stderr


def test_a_day_may_begin_with_a_minus(process: Process) -> None:
    done = process("today", "-3", LC_ALL="en_GB.UTF-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no such data file" in done.stderr


def test_mistakes_are_said_in_chinese_by_default(process: Process) -> None:
    assert "是不是 visits" in process("vists").stderr
    assert "did you mean" in process("vists", "--lang=en").stderr


def test_bad_settings_stop_everything_with_a_sentence(process: Process, tmp_path: Path) -> None:
    path = tmp_path / ".config/jiedai/settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text("thème = 1\n")
    for command in ("where", "keys"):
        done = process(command)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(str(path))
    path.write_text('language = "en"\n')
    for _ in range(2):
        assert process("keys").stdout.startswith("Everywhere\n")


def test_where_names_the_files_and_why(process: Process, tmp_path: Path) -> None:
    found = json.loads(process("where", "--json", "--store", "/a/b.db", JIEDAI_CONFIG="/c/d.toml").stdout)
    assert found["config"] == {"path": "/c/d.toml", "why": "environment", "exists": False}
    assert found["store"] == {"path": "/a/b.db", "why": "option", "exists": False}
    assert found["settings"]["path"] == str(tmp_path / ".config/jiedai/settings.toml")
    lines = process("where").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["制度", "设置", "数据", "缓存", "事故"]


def test_keys_are_told_from_the_registry(process: Process) -> None:
    rows = json.loads(process("keys", "--json", "--lang", "en").stdout)
    assert {"id": "app.help", "where": "app", "keys": ["f1", "?"], "name": "Help"}.items() <= rows[3].items()
    told = process("keys").stdout
    assert told.startswith("到处\n")
    assert "F1 ?" in told


def test_keys_of_a_visit_are_told_by_tab_with_their_whole_names(process: Process) -> None:
    _, told = process("keys", "--lang", "en").stdout.split("\nVisit: Arranged\n")
    arranged, tasks = told.split("\n\nVisit: Tasks\n")
    assert "  Space         Checked in / handed over / set out  Guests are" in arranged
    assert "Tick or untick" in tasks


def test_an_unforeseen_error_is_one_line_with_a_number(process: Process, tmp_path: Path) -> None:
    code = """
import sys, tui.cli.main
def run(argv): raise ValueError("secret")
tui.cli.main.run = run
from tui.__main__ import main
sys.exit(main(["where"]))"""
    done = process(code=code, LANG="en_US.UTF-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "secret" not in done.stderr
    log = tmp_path / ".local/state/jiedai/incidents.log"
    assert "ValueError: secret" in log.read_text()
    assert log.read_text().split()[1] in done.stderr


def test_an_interrupt_is_quiet(process: Process) -> None:
    code = """
import sys, tui.cli.main
def run(argv): raise KeyboardInterrupt
tui.cli.main.run = run
from tui.__main__ import main
sys.exit(main(["where"]))"""
    done = process(code=code)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("words", ["keys", "--help", "where --json"])
def test_a_closed_pipe_is_quiet(tmp_path: Path, words: str) -> None:
    ask = f"{sys.executable} -m tui {words} | true; exit ${{PIPESTATUS[0]}}"
    for _ in range(3):
        environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
        done = subprocess.run(["bash", "-c", ask], cwd=ROOT, env=environment, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")


def test_output_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    with open("/dev/full", "w") as full:
        environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "en_US.UTF-8"}
        command = [sys.executable, "-m", "tui", "keys"]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=full, stderr=-1, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("The result cannot be written")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("closed", "code", "out"), [("2>&-", 0, True), (">&-", 0, False), ("<&- 2>&-", 0, True)])
def test_a_stream_that_the_caller_closed_is_done_without(tmp_path: Path, closed: str, code: int, out: bool) -> None:
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    ask = f"{sys.executable} -m tui where {closed}"
    done = subprocess.run(["bash", "-c", ask], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert (done.returncode, bool(done.stdout), done.stderr) == (code, out, b"")


def test_a_terminal_in_another_encoding_gets_what_it_can_show(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "tui", "keys"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert b"F1 ?" in done.stdout


INSTALLED = shutil.which("jiedai", path=os.path.dirname(sys.executable))


@pytest.mark.skipif(INSTALLED is None, reason="the program is not installed here")
def test_another_models_folder_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models/__init__.py").touch()
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "tui", "where"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "models" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command as pip installs it, in an environment of its own whose path has a blank."""
    place = tmp_path_factory.mktemp("with a blank") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    # What the program and its build need is taken from here.
    packages = sysconfig.get_path("purelib", "venv", {"base": str(place)})
    Path(packages, "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    options = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation"]
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin/python"), "install", *options, str(ROOT)]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if "No module named pip" in done.stderr:
        pytest.skip("no pip here")
    assert done.returncode == 0, done.stderr
    return place / "bin/jiedai"


def test_nothing_told_to_python_is_told_to_the_command(command: Path, tmp_path: Path) -> None:
    """Not even before the program's first line."""
    for name in ("sitecustomize", "usercustomize", "models", "peewee", "argparse"):
        (tmp_path / f"{name}.py").write_text("print('foreign')")
    environment = {
        "HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(tmp_path),
        "PYTHONHOME": "/nowhere", "PYTHONSTARTUP": str(tmp_path / "models.py"), "PYTHONINSPECT": "1",
        "PYTHONWARNINGS": "error", "PYTHONIOENCODING": "ascii",
    }  # fmt: skip
    done = subprocess.run(
        [command, "a word", "--lang", "zh"], cwd=tmp_path, env=environment, input="", capture_output=True,
        encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("没有命令“a word”")
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    "how",
    ["exec jiedai", "exec ./jiedai", "sh jiedai", "links/jiedai", "PATH=links:$PATH jiedai", "cd links && ./jiedai"],
)
def test_the_command_is_found_by_any_of_its_names(command: Path, tmp_path: Path, how: str) -> None:
    """As a forced command and through links, absolute and relative."""
    (tmp_path / "links").mkdir()
    (tmp_path / "jiedai").symlink_to(command)
    (tmp_path / "links/jiedai").symlink_to("../jiedai")
    path = command.parent if how == "exec jiedai" else ""
    done = subprocess.run(
        ["sh", "-c", f'{how} --version'], cwd=tmp_path, env={"HOME": str(tmp_path), "PATH": f"{path}:/usr/bin:/bin"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (f"jiedai {VERSION}\n", "")


def test_without_an_environment_of_its_own_the_command_heeds_no_variables_either(command: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('foreign')")
    away = Path(shutil.copy(command, tmp_path))
    environment = {"HOME": str(tmp_path), "PATH": f"{command.parent}:/usr/bin:/bin", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [away, "--version"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.stdout, done.stderr) == (f"jiedai {VERSION}\n", "")


def imported(process: Process, *words: str) -> set[str]:
    """The modules that a call of the command line imports."""
    code = """
import sys
import sysconfig
from tui.__main__ import main
code = main(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(code)"""
    done = process(*words, code=code)
    assert done.returncode == 0
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["where"], ["keys"], ["--help"], ["--version"]])
def test_what_only_reads_needs_no_screens_and_no_store(process: Process, words: list[str]) -> None:
    assert imported(process, *words).isdisjoint({"textual", "rich", "peewee", "pypinyin", "argparse"})


def test_a_second_look_at_the_keys_imports_next_to_nothing(process: Process) -> None:
    first, second = imported(process, "keys"), imported(process, "keys")
    assert "screens.kit.commands" in first
    heavy = {"screens.kit.commands", "argparse", "dataclasses", "tomllib", "pathlib", "json", "platformdirs", "re"}
    assert second.isdisjoint(heavy)


def test_a_damaged_cache_changes_no_answer(process: Process, tmp_path: Path) -> None:
    first = process("keys").stdout
    for path in (tmp_path / ".cache/jiedai").iterdir():
        path.write_bytes(b"jiedai\n" + b"\x00" * 50)
    assert process("keys").stdout == first
    assert process("keys", XDG_CACHE_HOME="/proc/none").stdout == first


# -- cli cleaning ------------------------------------------------------------------------------------------------------
#
# Nothing that a command prints reaches the terminal as anything but text, wherever it came from.


EVIL = "x\x1b]0;gotcha\x07\u202ey\x9b2J\nz"


def plain(text: str) -> None:
    assert not [char for char in text if (char < " " and char != "\n") or "\x7f" <= char <= "\x9f" or char == "\u202e"]


@pytest.mark.parametrize(
    "words",
    [
        ["visits", "--store", EVIL],
        ["today", "--store", EVIL],
        ["verify", "--store", EVIL],
        ["verify", "--since", EVIL],
        ["backup", EVIL],
        ["restore", EVIL],
        ["check", EVIL],
        ["try", EVIL],
        ["where", "--store", EVIL],
        ["where", "--store", EVIL, "--json"],
        ["where", "--config", EVIL],
        ["standards", "--config", EVIL],
        ["standards", EVIL],
        ["today", EVIL],
        ["visits", "--state", EVIL],
        ["tasks", "--party", EVIL],
        ["visits", "--as", EVIL, "--mine"],
        ["keys", "--lang", EVIL],
        [EVIL],
        [f"--{EVIL}"],
    ],
    ids=lambda words: " ".join(words).replace(EVIL, "…").replace("y" * 64, "y"),
)
@pytest.mark.parametrize("there", [False, True])
def test_what_was_typed_is_cleaned(jiedai: Jiedai, words: list[str], there: bool) -> None:
    if there:
        Path(EVIL).write_text("foreign")
    else:
        open_store(".local/share/jiedai/jiedai.db").close()
    for language in ("zh", "en"):
        _, out, told = jiedai(*words, *(["--lang", language] if "--lang" not in words else []))
        plain(out)
        plain(told)
        assert out or told


def test_paths_of_the_environment_are_cleaned(process: Process, tmp_path: Path) -> None:
    home = tmp_path / EVIL.replace("\n", "")
    (home / ".config/jiedai").mkdir(parents=True)
    (home / ".config/jiedai/settings.toml").write_text("nonsense")
    for words in (["where"], ["keys"], ["visits"]):
        done = process(*words, HOME=str(home), JIEDAI_CONFIG=EVIL)
        plain(done.stdout + done.stderr)
        assert "gotcha" in done.stdout + done.stderr


def test_names_of_a_regulation_are_cleaned(process: Process, tmp_path: Path) -> None:
    text = default_text()
    assert '"VIP"' in text
    (tmp_path / "evil.toml").write_text(text.replace('"VIP"', r'"V\u001b[2JIP\u009b"'), "utf-8")
    for words in (["standards"], ["standards", "vip"], ["standards", "--json"], ["standards", "--table", "tier"]):
        for _ in range(2):  # the second answers from what was kept
            done = process(*words, "--config", str(tmp_path / "evil.toml"), "--lang", "en")
            assert done.stdout
            plain(done.stdout + done.stderr)


def test_data_in_json_stay_what_they_are() -> None:
    texts = [EVIL, "e\u0301 \u212b", "江南😀", "\ud800"]
    said = json_text(texts)
    plain(said)
    assert "江南😀" in said
    assert json.loads(said) == texts


def test_who_is_at_the_keyboard_is_not_for_the_environment_to_say(process: Process) -> None:
    code = "from tui.cli.call import login; print(login())"
    done = process(code=code, LOGNAME="boss", USER="boss", LNAME="boss", USERNAME="boss")
    assert done.stdout.strip() == pwd.getpwuid(os.getuid()).pw_name
