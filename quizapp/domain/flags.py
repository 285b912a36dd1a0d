"""The seven flags that a learner can put on a card: those of Anki, with its names and numbers."""

from quizapp.translations import marked

NO_FLAG = 0
FLAGS = {
    1: marked("Red"),
    2: marked("Orange"),
    3: marked("Green"),
    4: marked("Blue"),
    5: marked("Pink"),
    6: marked("Turquoise"),
    7: marked("Purple"),
}
