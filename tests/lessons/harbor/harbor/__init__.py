"""The lesson "Harbor": how a request comes into a cluster. A lesson for tests, installed like any other."""

from graders.core.lesson import Lesson

LESSON = Lesson(id="harbor", title="Harbor", package=__name__, exercises=("entrances", "gate"))
