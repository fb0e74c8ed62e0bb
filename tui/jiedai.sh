#!/bin/sh
# The command `jiedai`: the program in the Python of the environment it is installed in, isolated from its first
# instruction: no variable of the caller, no folder of theirs, changes what is run.
self=$0
case $self in */*) ;; *) self=./$self ;; esac
while [ -h "$self" ]; do
    to=$(command -p readlink -- "$self")
    case $to in /*) self=$to ;; *) self=${self%/*}/$to ;; esac
done
python=${self%/*}/python
[ -x "$python" ] && exec "$python" -I -m tui "$@"
# Installed for one user or the whole system: an isolated Python would not look into the user's own packages.
exec python3 -E -P -m tui "$@"
