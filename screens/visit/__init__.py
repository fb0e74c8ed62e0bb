"""Everything of one visit on tabs, one module a tab. `screens.visit:Visit` is the screen."""

from __future__ import annotations

from screens.visit.screen import Visit

__all__ = ["Visit"]
