"""The screens, one module each, large ones a package; `screens.kit` is what all of them are made of.

They import `models` and Textual and nothing of `tui`; `tui` imports them by name (`tui.app`).
"""
