"""The command line: words read by `parse`, commands listed in `commands`, each run by a `…_commands` module.

It imports `models` by what a command needs, and screens only to open them; nothing but `tui` imports it.
"""
