"""A sample company with a believable month of visits around a day, for `jiedai demo` and the first run.

Only here may code name the tiers of the default policy.
"""

from __future__ import annotations

from models.demo.building import build, demo_path
from models.demo.cast import GUIDE

__all__ = ["GUIDE", "build", "demo_path"]
