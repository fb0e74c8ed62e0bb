"""The program's beginning and its last line of defence: exit codes, and no traceback to any user."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
QUICK = ("standards", "keys")
"""Commands that may answer from what was worked out before."""


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; 0 done, 1 refused, 2 usage or configuration, 130 interrupted."""
    if argv is None:
        argv = sys.argv[1:]
    if not _at_home():
        return 2
    try:
        _open_streams()
        _plain_streams()
        _clean_environment()
        code = _answered(argv)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _nobody_reads()
    except Exception as error:
        return _incident(error)


def _at_home() -> bool:
    """Whether `models` is ours: `python -m tui` in a folder with another `models` would import that one."""
    import models

    if os.path.dirname(os.path.dirname(os.path.abspath(models.__file__ or ""))) == _ROOT:
        return True
    sys.stderr.write(f"jiedai: 此处另有 models 目录 another 'models' is in the way: {models.__path__}\n")
    return False


def _open_streams() -> None:
    """A stream that the caller closed (`2>&-`) swallows what it is given; or the store's file would get its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8")  # noqa: SIM115  # open as long as the process is
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8")  # noqa: SIM115  # stays open


def _plain_streams() -> None:
    """What the terminal's encoding lacks becomes `?` instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a text file, unless a test replaced it


def _clean_environment() -> None:
    """Out with what makes Textual import code or write files, and what would reach a program started from here."""
    for name in [name for name in os.environ if name.startswith(("TEXTUAL", "PYTHON", "LESS", "LD_"))]:
        del os.environ[name]


def _answered(argv: Sequence[str]) -> int:
    if argv[:1] == ["--key"] or "SUDO_UID" in os.environ or _is_office():
        from tui.cli.main import run_in_office

        return run_in_office(argv)
    if argv and argv[0] in QUICK:
        from tui.cli.quick import answer

        code = answer(argv)
        if code is not None:
            return code
    from tui.cli.main import run

    return run(argv)


def _is_office() -> bool:
    """Whether the machine's administrator says that this is an office, as far as the caller lets us look."""
    from tui.where import system_folder

    return os.path.lexists(os.path.join(system_folder(), "settings.toml"))


def _nobody_reads() -> int:
    """The reader of our output has gone (`| head`): nothing more is written, and nothing is said."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _incident(error: Exception) -> int:
    from models.words import clean, words
    from tui import incident
    from tui.language import choose

    w = words(choose("", "", os.environ))
    if isinstance(error, OSError) and error.filename is None:
        sys.stderr.write(w("cli.cannot_write", why=error.strerror or "") + "\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    sys.stderr.write(clean(w("cli.incident", number=incident.keep(error), path=incident.log_path())) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
