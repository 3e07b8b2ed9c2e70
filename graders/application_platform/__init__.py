"""The lesson "Application Platform": its content only."""

from graders.core.lesson import Lesson

LESSON = Lesson(
    id="application-platform",
    title="Application Platform",
    package=__name__,
    first="00-start-here",
    exercises=(
        "hello",
        "boundaries",
        "bill",
        "kinds",
        "worker-plan",
        "daily-report",
        "databases",
        "request",
        "interactions",
        "event",
        "contract",
        "shutdown-plan",
        "review",
        "deployment",
        "diagram",
    ),
)
