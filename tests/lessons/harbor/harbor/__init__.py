"""The lesson "Harbor": how a request comes into a cluster. The tests' own lesson, installed as anybody's would be."""

from graders.core.lesson import Lesson

LESSON = Lesson(id="harbor", title="Harbor", package=__name__, exercises=("entrances", "gate"))
