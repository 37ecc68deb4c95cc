"""What a Greenlet leaves behind: a value or an exception."""

import gevent


def bake(dish):
    gevent.sleep(0.1)
    return "a warm " + dish


def burn(dish):
    gevent.sleep(0.2)
    raise ValueError("the " + dish + " is black")


bread = gevent.spawn(bake, "bread")
toast = gevent.spawn(burn, "toast")

gevent.joinall([bread, toast])
print("joinall came back as if all were well")
print("bread:", bread.successful(), bread.value)
print("toast:", toast.successful(), repr(toast.exception))

try:
    gevent.joinall([bread, toast], raise_error=True)
except ValueError as error:
    print("raise_error=True raised:", error)

try:
    toast.get()
except ValueError as error:
    print("get() raised:", error)
