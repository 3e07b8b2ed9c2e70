"""The lesson "Harbor": how a request enters a cluster. It is a lesson for tests, installed like any other."""

from graders.core.lesson import Lesson

LESSON = Lesson(id="harbor", title="Harbor", package=__name__, exercises=("entrances", "gate"))
