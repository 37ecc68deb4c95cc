"""Programs that look closely, or do what few do, see and do the same when they are watched."""

from __future__ import annotations

import sys

import pytest

from tests.support.comparing import Comparing
from tests.support.programs import Workbench

LEVELS = ("lines", "switches")

PROGRAMS = {
    "tracing of its own": """
        import sys, threading, greenlet
        told, others = [], []
        def hook(frame, event, arg):
            to = told if frame.f_code.co_filename == __file__ else others
            to.append((frame.f_code.co_name, event, frame.f_lineno))
            return hook
        def f(n):
            x = n + 1
            print("f", x)
            return x
        def gen():
            yield f(1)
        print(sys.gettrace())
        sys.settrace(hook)
        print(sys.gettrace() is hook)
        list(gen())
        greenlet.greenlet(f).switch(2)
        sys.settrace(None)
        print(sys.gettrace(), told)
        print("told of others:", others)
        del told[:]
        threading.settrace(hook)
        print(threading.gettrace() is hook)
        thread = threading.Thread(target=lambda: f(3) + f(4)); thread.start(); thread.join()
        threading.settrace(None)
        print([one for one in told if one[0] == "f"])
    """,
    "profiling of its own": """
        import sys, threading
        told, others = [], []
        def hook(frame, event, arg):
            to = told if frame.f_code.co_filename == __file__ else others
            to.append((frame.f_code.co_name, event, getattr(arg, "__name__", "")))
        def f(n):
            print("f", len(range(n)))
        print(sys.getprofile())
        sys.setprofile(hook); f(1); sys.setprofile(None)
        print(sys.getprofile(), [one for one in told if one[2] != "setprofile"])
        print("told of others:", others)
        import cProfile, pstats
        profile = cProfile.Profile(); profile.runcall(f, 2)
        functions = sorted(pstats.Stats(profile).stats)
        print([name for file, _, name in functions if file == __file__])
        print("told of others:", [name for *_, name in functions if "disable" not in name])
    """,
    "signals and exit functions": """
        import atexit, faulthandler, os, signal, sys
        faulthandler.enable()
        def handler(number, frame): print(number, frame.f_code.co_name, frame.f_back)
        signal.signal(signal.SIGUSR1, handler)
        def f(): signal.raise_signal(signal.SIGUSR1)
        f()
        os.kill(os.getpid(), signal.SIGUSR1)
        print(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGPIPE))
        print(signal.getitimer(signal.ITIMER_REAL), signal.pthread_sigmask(signal.SIG_BLOCK, []))
        atexit.register(print, "first"); atexit.register(lambda: 1 / 0)
        atexit.register(sys.exit, 4)
        signal.signal(signal.SIGSEGV, signal.SIG_DFL)
        faulthandler.disable()
    """,
    "a crash that faulthandler tells of": """
        import faulthandler, signal, greenlet
        faulthandler.enable()
        def f(): signal.raise_signal(signal.SIGABRT)
        f()
    """,
    "another stdout": """
        import contextlib, io, os, sys
        text = io.StringIO()
        with contextlib.redirect_stdout(text): print("within"); help(len)
        print(text.getvalue().splitlines()[:2])
        before = sys.stdout
        sys.stdout = open(os.dup(1), "w"); print("through another"); sys.stdout.close()
        sys.stdout = before; print("again")
        raw = sys.stdout.detach(); raw.write(b"detached\\n"); raw.flush()
        sys.stdout = io.TextIOWrapper(raw, "utf-8"); print("wrapped anew")
    """,
    "gevent, patched late, with threads": """
        import threading, time
        def early(): time.sleep(0.01); print("early")
        one = threading.Thread(target=early); one.start(); one.join()
        from gevent import monkey; monkey.patch_all()
        import gevent, socket, subprocess, sys
        def late(n): time.sleep(0.1 * n); print("late", n)
        threads = [threading.Thread(target=late, args=(n,)) for n in (2, 1)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        pool = gevent.get_hub().threadpool
        print(pool.apply(sum, ([1, 2],)), [pool.spawn(abs, -n).get() for n in range(3)])
        print(subprocess.check_output([sys.executable, "-c", "print('sub')"]))
        a, b = socket.socketpair(); gevent.spawn(a.sendall, b"hello"); print(b.recv(5))
        def fails(): raise ValueError("in the pool")
        try: pool.apply(fails)
        except ValueError as error: print(error)
    """,
    "gevent's own monitor": """
        import gevent, time
        gevent.config.monitor_thread = True
        gevent.config.max_blocking_time = 0.05
        hub = gevent.get_hub()
        monitor = hub.start_periodic_monitoring_thread()
        gevent.sleep(0.01)
        def hog():
            end = time.monotonic() + 0.3
            while time.monotonic() < end: pass
        # Open to the end: on a busy machine the monitor may still be writing when it is killed.
        file = hub.exception_stream = open("monitor.txt", "w")
        gevent.spawn(hog).join()
        monitor.kill()
        file.flush()
        print("detected to be blocked" in open("monitor.txt").read())
    """,
    "greenlets in each thread": """
        import greenlet, threading
        def work(n):
            def inner(x):
                while True: x = greenlet.getcurrent().parent.switch(x + n)
            g = greenlet.greenlet(inner)
            told[n] = [g.switch(i) for i in range(50)]
        told = {}
        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(sorted(told.items()), threading.active_count())
        local = threading.local(); local.x = 1
        print(greenlet.greenlet(lambda: local.x).switch())
    """,
    "asyncio": """
        import asyncio, contextvars
        var = contextvars.ContextVar("var", default=0)
        async def ticks(n):
            for i in range(n):
                await asyncio.sleep(0); yield i
        async def work(name):
            var.set(name)
            async for i in ticks(2): print(name, i, var.get())
            return name
        async def main():
            print(await asyncio.gather(work("a"), work("b")))
            try:
                async with asyncio.timeout(0.01): await asyncio.sleep(9)
            except TimeoutError: print("late")
            print(await asyncio.to_thread(sum, [1, 2]))
            process = await asyncio.create_subprocess_exec("echo", "sub", stdout=-1)
            print(await process.communicate())
            asyncio.create_task(work("left over"))
        asyncio.run(main(), debug=False)
        async def never(): pass
        never()
    """,
    "hooks of greenlet's": """
        import greenlet, gevent
        told = []
        def hook(event, args): told.append((event, len(args)))
        def fails(): raise ValueError
        before = greenlet.settrace(hook); g = greenlet.greenlet(fails)
        try: g.switch()
        except ValueError: pass
        try: greenlet.greenlet(lambda: 1).throw(KeyError)
        except KeyError: pass
        print(before, greenlet.settrace(None) is hook, told, greenlet.gettrace())
        def bad(event, args): raise RuntimeError("hook")
        greenlet.settrace(bad)
        try: greenlet.greenlet(lambda: 1).switch()
        except RuntimeError as error: print(error, greenlet.gettrace())
    """,
    "ends within ends": """
        import atexit, os, sys, threading
        class Late:
            def __del__(self): os.write(1, b"late\\n")
        late = Late()
        sys.late = Late()
        event = threading.Event()
        atexit.register(print, "atexit")
        def daemon():
            event.set(); threading.Event().wait()
        threading.Thread(target=daemon, daemon=True).start(); event.wait()
        print("end"); sys.exit(3)
    """,
    "it counts its lists while it fills the recording": """
        import gc
        from greenlet import getcurrent, greenlet
        def lists():
            gc.collect()
            return sum(type(one) is list for one in gc.get_objects())
        def turn():
            while True: main.switch()
        main, other = getcurrent(), greenlet(turn)
        other.switch()
        before = lists()
        for _ in range(20_000): other.switch()
        print(lists() - before)
    """,
    "a profiler set within calls": """
        import sys
        from greenlet import greenlet
        told = []
        def tell(frame, event, arg): told.append((event, frame.f_code.co_name))
        class Profiled:
            def __enter__(self): sys.setprofile(tell)
            def __exit__(self, *_): sys.setprofile(None)
        def inner(n): return abs(n)
        def work(n):
            with Profiled(): inner(n)
            return n
        for n in range(3): work(n); greenlet(work).switch(n)
        print(*told, sep="\\n")
    """,
}
if sys.version_info >= (3, 12):
    PROGRAMS["monitoring of its own, that looks once"] = """
        import sys
        from greenlet import greenlet
        m = sys.monitoring; tool = 5; E = m.events
        told = []
        def start(code, offset):
            told.append(code.co_name)
            return m.DISABLE
        def f(): return 1
        def g(): return f()
        for _ in range(3): g()
        m.use_tool_id(tool, "once"); m.register_callback(tool, E.PY_START, start)
        for code in (f.__code__, g.__code__): m.set_local_events(tool, code, E.PY_START)
        for _ in range(3): g()
        greenlet(f).switch(); greenlet(g).switch(); g()
        print(told)
    """
    PROGRAMS["monitoring of its own"] = """
        import sys
        m = sys.monitoring; tool = 5; m.use_tool_id(tool, "mine too")
        told, others = [], []
        def tell(code, event, *more):
            to = told if code.co_filename == __file__ else others
            to.append((event, code.co_name, *more))
        def start(code, offset): tell(code, "start")
        def line(code, line): tell(code, "line", line)
        def back(code, offset, value): tell(code, "return", value)
        E = m.events
        for event, hook in ((E.PY_START, start), (E.LINE, line), (E.PY_RETURN, back)):
            m.register_callback(tool, event, hook)
        def f(n):
            x = [i for i in range(n)]
            print("f")
            return x
        m.set_events(tool, E.PY_START | E.LINE | E.PY_RETURN)
        f(2)
        m.set_events(tool, 0)
        print(told)
        print("told of others:", others)
        del told[:]
        m.set_local_events(tool, f.__code__, E.LINE); f(1); m.set_local_events(tool, f.__code__, 0)
        print(told); m.restart_events(); m.free_tool_id(tool)
        print(len(f(1)))
    """


@pytest.fixture(scope="module")
def comparing(tmp_path_factory: pytest.TempPathFactory) -> Comparing:
    return Comparing(Workbench(tmp_path_factory.mktemp("programs")), PROGRAMS)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_watched_program_behaves_as_a_plain_one(
    comparing: Comparing, name: str, level: str
) -> None:
    comparing.check(name, level)
