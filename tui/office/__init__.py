"""An office: several people on one machine, under one account, vouched for by the operating system.

It holds the way in, its SSH keys and files, and what looks whether they are well. It imports `models` and `tui`; only
the start of the program and the commands of the command line import it."""
