#!/bin/sh
# Finds a suitable Python and runs setup.py with it. PYTHON=... chooses another.
here=$(dirname "$0")
export PYTHON
PYTHONS="python3 python3.14 python3.13 python3.12 python3.11 python"
new_enough='import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
has_venv='import ensurepip, venv'

# does PYTHON CODE: run each candidate, because a shim may exist and not work.
# -I: imports ignore the current folder and PYTHON* variables.
does() { "$1" -I -c "$2" >/dev/null 2>&1; }

if [ -n "$PYTHON" ]; then
  does "$PYTHON" "$new_enough" && exec "$PYTHON" -I "$here/setup.py"
  echo "PYTHON=$PYTHON isn't a Python from 3.11 to 3.14: name another, or none, and run make again." >&2
  exit 3
fi
for python in $PYTHONS; do
  does "$python" "$new_enough" && { command -v uv >/dev/null || does "$python" "$has_venv"; } && exec "$python" -I "$here/setup.py"
done
# A Python without venv says which package to install.
for python in $PYTHONS; do
  does "$python" "$new_enough" && exec "$python" -I "$here/setup.py"
done
echo "The workbook needs Python 3.11, 3.12, 3.13 or 3.14, but none was found: install one (Debian and Ubuntu: sudo apt install python3 python3-venv) and run make again." >&2
exit 3
