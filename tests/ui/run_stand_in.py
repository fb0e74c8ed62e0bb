"""Opens the stand-in screens in this terminal; see `tests.ui.stand_in_session.main`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.ui.quiet import answer_when_at_rest  # the path comes first
from tests.ui.stand_in_session import main

if __name__ == "__main__":
    answer_when_at_rest()
    sys.exit(main())
