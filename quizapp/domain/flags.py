"""The seven flags that a learner can put on a card: those of Anki, with its names and numbers."""

NO_FLAG = 0
FLAGS = {1: "Red", 2: "Orange", 3: "Green", 4: "Blue", 5: "Pink", 6: "Turquoise", 7: "Purple"}
