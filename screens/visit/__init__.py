"""Everything of one visit on tabs, one module a tab. `screens.visit.screen:Visit` is the screen."""
