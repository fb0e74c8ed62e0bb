"""The request wizard: one page a question, the policy's verdict last. `screens.wizard:Wizard` is the screen."""

from __future__ import annotations

from screens.wizard.screen import Wizard

__all__ = ["Wizard"]
