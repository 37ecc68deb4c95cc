"""Functions that the probe relies on, taken before the program can replace or patch them."""

from __future__ import annotations

import _thread
import os
import sys
import time

import greenlet

perf_counter_ns = time.perf_counter_ns
time_s = time.time
time_ns = time.time_ns
monotonic = time.monotonic
monotonic_ns = time.monotonic_ns
perf_counter = time.perf_counter

get_ident = _thread.get_ident
RLock = _thread.RLock
Lock = _thread.allocate_lock
thread_count = _thread._count

getcurrent = greenlet.getcurrent
settrace = greenlet.settrace
gettrace = greenlet.gettrace
Greenlet = greenlet.greenlet
GreenletExit = greenlet.GreenletExit

getframe = sys._getframe
set_trace = sys.settrace
get_trace = sys.gettrace
getpid = os.getpid
read = os.read
write = os.write
