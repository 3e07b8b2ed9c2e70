"""The error with which a manifest is refused."""

from __future__ import annotations

import pytest

from cluster.errors import AnswerError
from cluster.manifests.documents import read


def refusal(text: str) -> AnswerError:
    with pytest.raises(AnswerError) as caught:
        read(text)
    return caught.value
