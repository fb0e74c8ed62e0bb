"""The program around the screens: start, settings, terminal, keys, clock, folders; the command line in `tui.cli`.

It imports everything below; nothing in `models` or `screens` imports it.
"""
