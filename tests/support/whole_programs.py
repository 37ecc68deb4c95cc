"""Programs that say what they can see of the process they run in."""

from __future__ import annotations

# Each is run with the arguments `a b` and a line of standard input.
PROGRAMS: dict[str, str | bytes] = {
    "an exception ends it": """
        import sys
        def f(): g()
        def g(): raise ValueError("boom")
        print("x"); sys.stderr.write("err\\n")
        f()
    """,
    "an exception with a cause and notes": """
        def f():
            try: 1 / 0
            except ZeroDivisionError as e: raise KeyError("k") from e
        try: f()
        except KeyError as e:
            e.add_note("a note")
            raise ExceptionGroup("group", [e, ValueError("v")])
    """,
    "it is interrupted": "print('x')\nraise KeyboardInterrupt\n",
    "it exits with a text": "import sys; print('a'); sys.exit('bye')\n",
    "it exits with a number": "import sys; sys.exit(7)\n",
    "it exits within a function": """
        import sys
        def f(): sys.exit(300)
        try: f()
        finally: print("finally")
    """,
    "it has a syntax error": "def f(:\n",
    "it is latin-1": b"# -*- coding: latin-1 -*-\nprint('\xe9')\n",
    "it begins with a byte order mark": b"\xef\xbb\xbfprint('bom')\n",
    "it is not UTF-8": b"print('\xe9')\n",
    "the compiler warns": "x = 1\nprint(x is 1)\nassert (x, 'y')\n",
    "a future import": "from __future__ import annotations\ndef f(a: b): ...\n"
    "print(f.__annotations__, __annotations__)\n",
    "exit functions and threads": """
        import atexit, threading, sys, _thread
        atexit.register(lambda: print("atexit", flush=True))
        told = threading.Lock(); told.acquire()
        def hook(args): sys.__unraisablehook__(args); told.release()
        sys.unraisablehook = hook
        _thread.start_new_thread(lambda: 1 / 0, ()); told.acquire()
        sys.unraisablehook = sys.__unraisablehook__
        done = threading.Lock(); done.acquire()
        def t(): done.acquire(); print("thread done", flush=True)
        threading.Thread(target=t).start()
        class Bad(threading.Thread):
            def run(self): {}["no"]
        b = Bad(name="bad"); b.start(); b.join()
        print("end", flush=True); done.release()
    """,
    "who it is": """
        import sys
        print(sys.argv, __name__, __file__, __spec__, __builtins__, sys.path[0], __package__)
        print(__loader__.__class__, __doc__, __cached__, sorted(globals()))
        print(sys.modules["__main__"].__dict__ is globals(), sys.flags, sys.orig_argv[-2:])
    """,
    "its streams": """
        import sys
        print(type(sys.stdout), sys.stdout, sys.stdout.buffer, sys.stdout.line_buffering)
        print(sys.stdout.write_through, sys.stdin, sys.stdout is sys.__stdout__, sys.stderr)
        sys.stdout.buffer.write(b"raw\\xff\\n")
        sys.stdout.writelines(["one\\n", "two\\n"]); sys.stdout.flush()
        sys.stdout.buffer.write(memoryview(b"view\\n")); print("é中", end="")
        sys.stdout.reconfigure(encoding="latin-1"); print("é")
        print(input("prompt> ")); sys.stderr.write("e\\n"); print(sys.stdin.read())
    """,
    "it writes what is no text": """
        import sys
        class Text(str):
            def encode(self, *a): return b"not this"
        for thing in (5, b"bytes", None, "\\ud800", Text("text\\n")):
            try: print(sys.stdout.write(thing))
            except Exception as e: print(type(e), e, e.__context__, e.__cause__)
        sys.stdout.close()
        try: sys.stdout.write("late")
        except ValueError as e: print(e, file=sys.stderr)
    """,
    "much output": "for i in range(6000): print(i, 'a' * 9, i * 3)\n",
    "a signal ends it": """
        import os, signal
        print("hi", flush=True); print("lost")
        os.kill(os.getpid(), signal.SIGTERM)
    """,
    "it leaves without a word": """
        import os
        print("z" * 5000); print("y" * 5000); os._exit(3)
    """,
    "its own exception hook fails": """
        import sys
        def h(t, e, tb): print("hook", t, e); 1 / 0
        sys.excepthook = h
        raise RuntimeError("q")
    """,
    "it closes what is not its own": """
        import os, sys
        os.closerange(3, 256); os.close(1)
        try: print("x", flush=True)
        except OSError as e: print(e, file=sys.stderr)
        sys.stdout = None
    """,
    "nobody reads its output": """
        import os
        r, w = os.pipe(); os.dup2(w, 1); os.close(r); os.close(w)
        def f(): print("x" * 10000)
        f()
    """,
    "it forks": """
        import os, sys, subprocess
        print("before", flush=True)
        pid = os.fork()
        if pid == 0:
            print("child"); sys.exit(4)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
        pid = os.fork()
        if pid == 0:
            raise ValueError("in the child")
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
        subprocess.run([sys.executable, "-c", "print('sub')"])
        os.execv(sys.executable, [sys.executable, "-c", "print('another')"])
    """,
    "processes of multiprocessing": """
        import multiprocessing
        def f(x): return x * 2
        if __name__ == "__main__":
            for way in ("spawn", "fork"):
                with multiprocessing.get_context(way).Pool(1) as p:
                    print(p.map(f, [1, 2])); p.close(); p.join()
    """,
    "endless recursion": """
        import traceback
        def f(n): return f(n + 1)
        try: f(0)
        except RecursionError: print("rec")
    """,
    "the body of a class": """
        class Names(dict):
            def __setitem__(self, k, v): print("set", k); super().__setitem__(k, v)
            def __getitem__(self, k): print("get", k); return super().__getitem__(k)
        class Meta(type):
            @classmethod
            def __prepare__(cls, *a): return Names()
        class C(metaclass=Meta):
            a = 1
            b = a
    """,
    "when objects are freed": """
        import weakref, greenlet, gevent
        class Thing:
            def __init__(self, name): weakref.finalize(self, print, "gone", name)
        def f(a):
            b = a
            print("in f"); del a, b
            print("after del")
        f(Thing("argument"))
        def gen(t):
            yield t
            yield 2
        g = gen(Thing("in a generator")); next(g); print("suspended"); g = None; print("dropped")
        for t in gen(Thing("in a loop")): del t; break
        print("left")
        def run(t):
            greenlet.getcurrent().parent.switch(1)
        x = greenlet.greenlet(run); x.switch(Thing("in a greenlet")); print("parked")
        x = None; print("greenlet dropped")
        y = gevent.spawn(lambda t: gevent.sleep(0), Thing("in a Greenlet")); y.join(); y = None
        print("joined")
        def fails(t): raise ValueError
        try: fails(Thing("in a traceback"))
        except ValueError: print("handled")
        print("end")
    """,
    "hooks of its own": """
        import greenlet, sys
        print(greenlet.gettrace())
        def hook(event, args): seen.append(event)
        seen = []
        print(greenlet.settrace(hook), greenlet.gettrace() is hook)
        greenlet.greenlet(lambda: 1).switch()
        print(greenlet.settrace(None) is hook, seen)
        sys.setprofile(lambda *a: None); sys.setprofile(None)
    """,
    "gevent complains": """
        import gevent
        def bad(): raise KeyError("nobody looks")
        g = gevent.spawn(bad); gevent.sleep(0)
        try: g.get()
        except KeyError as e: print("got", e)
        gevent.wait([gevent.event.Event()])
    """,
    "a traceback of its own": """
        import traceback, gevent
        def f(n):
            if n: return f(n - 1)
            raise ValueError("v")
        def gen():
            try: yield 1
            except KeyError: traceback.print_exc(); raise RuntimeError("r")
        g = gen(); next(g)
        try: g.throw(KeyError("k"))
        except RuntimeError: traceback.print_exc()
        try: gevent.spawn(f, 2).get()
        except ValueError: traceback.print_exc()
    """,
    "signal handlers raise": """
        import signal
        class Late(Exception): pass
        def handler(number, frame): raise Late
        signal.signal(signal.SIGALRM, handler)
        def work():
            n = 0
            while True: n += 1
        seen = 0
        for _ in range(20):
            try: signal.setitimer(signal.ITIMER_REAL, 0.002); work()
            except Late: seen += 1
        print(seen)
    """,
    "null bytes": b"x = 1\0\n",
    "interrupted without a stdout": "import sys\nsys.stdout.close()\nraise KeyboardInterrupt\n",
    "coroutines left over at the end": """
        def gen():
            yield 1
        a = gen()
        print("end")
    """,
    "the stack it can see": """
        import faulthandler, sys, threading, traceback, warnings, _thread
        def f():
            traceback.print_stack(); warnings.warn("x", stacklevel=9)
            faulthandler.dump_traceback(all_threads=False)
        f()
        thread = threading.Thread(target=f); thread.start(); thread.join()
        done = _thread.allocate_lock(); done.acquire()
        def g(a, b): f(); print(sys._getframe().f_back, a, b); done.release()
        _thread.start_new_thread(g, (1,), {"b": 2}); done.acquire()
        import gevent, greenlet
        greenlet.greenlet(f).switch()
        gevent.spawn(f).join()
        def gen(): f(); yield 1
        next(gen())
    """,
    "freed with the last traceback": """
        class Thing:
            def __init__(self, name): self.name = name
            def __del__(self): print("del", self.name)
        a = Thing("global")
        def f():
            b = Thing("local"); 1 / 0
        f()
    """,
    "a print that fails": """
        import traceback, sys
        sys.stdout.reconfigure(encoding="ascii", errors="strict")
        try: print("\u00e9")
        except UnicodeEncodeError: traceback.print_exc()
        sys.stdout.buffer.write("x")
    """,
    "a byte order mark and another encoding": b"\xef\xbb\xbf# -*- coding: latin-1 -*-\nprint(1)\n",
    "a byte order mark and no UTF-8": b"\xef\xbb\xbfprint('\xe9')\n",
    "an encoding nobody knows": b"# -*- coding: nonsense -*-\nprint(1)\n",
    "UTF-16": "print(1)\n".encode("utf-16"),
    "an indentation that does not fit": "if 1:\n        x = 1\n   y = 2\n",
    "an excepthook that exits": """
        import sys
        def hook(*a): print("hook"); sys.exit(9)
        sys.excepthook = hook
        1 / 0
    """,
    "what it leaves behind at the end": """
        import atexit, sys
        class Thing:
            def __del__(self): print("del", sys is not None and sys.last_value)
        a = Thing()
        atexit.register(lambda: print("atexit", repr(sys.last_value), sys.last_traceback.tb_next))
        raise KeyboardInterrupt
    """,
    "numbers of its files": "print([open('/dev/null').fileno() for _ in range(2)])\n",
    "its files after closing all others": """
        import greenlet, os
        os.closerange(3, 256)
        files = [open(f"kept{n}", "wb", buffering=0) for n in range(8)]
        def other():
            while True: main.switch()
        main = greenlet.getcurrent(); g = greenlet.greenlet(other)
        for _ in range(30000): g.switch()
        for file in files:
            file.write(b"x"); file.close()
        print([os.path.getsize(f"kept{n}") for n in range(8)])
    """,
}
