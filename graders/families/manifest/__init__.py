"""The family ``manifest``: the API server's verdict on an answer, and the mistakes behind a refusal."""
