"""What every lesson that needs something of the machine has in common: where that is missing, it says so and goes on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec

from cluster.errors import UsageError, WorldError
from graders.show.inline import Shown, said

Said = ParamSpec("Said")


def lesson(show: Callable[Said, Shown]) -> Callable[Said, Shown]:
    """Say in a sentence what a lesson lacks, or what it can't do, in place of an exception; the notebook goes on."""

    @functools.wraps(show)
    def shown(*args: Said.args, **kwargs: Said.kwargs) -> Shown:
        try:
            return show(*args, **kwargs)
        except WorldError as error:
            return said(f"This can't be measured here: {error.problem}", f"{error.hint} You can read on.".lstrip())
        except UsageError as error:
            return said(error.problem, error.hint)

    return shown
