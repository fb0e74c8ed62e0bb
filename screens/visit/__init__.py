"""Everything of one visit on tabs, one module a tab or a few. `screens.visit.visit_screen:VisitScreen` is the screen.

It imports `screens.kit` and `models`; other screens open it by name and import only the lists that they share.
"""
