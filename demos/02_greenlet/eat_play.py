"""Two greenlets hand control to each other by name."""

from greenlet import greenlet


def eat(name):
    print(name, "eats 1")
    player.switch("Lyon")
    print(name, "eats 2")


def play(name):
    print(name, "plays 1")
    eater.switch()
    print(name, "plays 2")  # never runs: why?


eater = greenlet(eat)
player = greenlet(play)
eater.switch("Lyon")
print("main goes on: eat has ended, play has not")
