"""Entry point of the ``workbook`` command.

Scripts run ``workbook admit`` on whole folders before each commit or merge. So it starts without the terminal's
libraries, which take longer to load than a hundred manifests take to judge.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from graders.cli.exit_codes import guarded
from graders.core.output import guard_errors

JSON = ("--format", "json")


def main() -> None:
    """Run the command that the arguments name, and exit with its code."""
    guard_errors()
    files, as_json = straight(sys.argv[1:])
    if files:
        from graders.cli.admit import run  # noqa: PLC0415  each command loads only what it needs

        sys.exit(guarded(lambda: sys.exit(run(files, as_json=as_json))))
    from graders.cli.commands import main as everything_else  # noqa: PLC0415

    everything_else()


def straight(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """Return the files of a plain ``admit FILE... [--format json]`` and whether to print JSON; no files for any other command."""
    if not arguments or arguments[0] != "admit":
        return [], False
    rest = list(arguments[1:])
    as_json = False
    for at in (0, max(len(rest) - 2, 0)):
        if tuple(rest[at : at + 2]) == JSON:
            del rest[at : at + 2]
            as_json = True
            break
    plain = not any(a.startswith("-") and a != "-" for a in rest)
    return (rest, as_json) if plain else ([], False)


if __name__ == "__main__":
    main()
