#!/bin/sh
# Finds a Python that is new enough and hands over to setup.py. PYTHON=... chooses another.
here=$(dirname "$0")
new_enough='import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'

for python in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
  # A shim that is there and doesn't work is no Python, so each is asked.
  if "$python" -c "$new_enough" >/dev/null 2>&1; then
    exec "$python" "$here/setup.py"
  fi
  if [ "$python" = "$PYTHON" ]; then
    echo "PYTHON=$PYTHON isn't a Python from 3.11 to 3.14." >&2
    exit 3
  fi
done
echo "The workbook needs Python 3.11, 3.12, 3.13 or 3.14, and found none: install one (Debian and Ubuntu: sudo apt install python3 python3-venv) and run make again." >&2
exit 3
