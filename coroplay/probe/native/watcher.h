/* The short way of a line, and of the beginning and end of a function: what all versions of Python
   have in common of it. Everything that is not as usual goes the long way, through Python. */

#ifndef COROPLAY_WATCHER_H
#define COROPLAY_WATCHER_H

#include "lines.h"
#include "shortcut.h"

typedef struct {
    PyObject_HEAD
    Shortcut *shortcut;
    Lines *lines;
    PyObject *threads;   /* a dict: by the number of a thread, what is known of it */
    PyObject *awaited;   /* a frozenset: the lines at which a host may want to stop; or NULL */
    char stops;          /* whether it may want to stop at any line */
    PyObject *fault;     /* takes an exception, and says whether it is the program's own */
    PyObject *key;       /* the number of the thread that was asked for last, as in `threads` */
    unsigned long ident; /* and by itself */
} Watcher;

extern PyTypeObject Watcher_Type;

/* A line is about to run. All of these: 1 when that was all, 0 when it has to go the long way, and
   -1 with an exception that is the program's own. */
int Watcher_line(Watcher *self, PyFrameObject *frame, int line);

/* A function that is no generator begins, or ends. */
int Watcher_begins(Watcher *self, PyFrameObject *frame, PyCodeObject *code);
int Watcher_ends(Watcher *self, PyFrameObject *frame, PyCodeObject *code);

/* An exception has cut it short: 1 if it is ours, which is dealt with; -1 if it is the program's. */
int Watcher_fail(Watcher *self);

/* What the interpreter calls. */
#if PY_VERSION_HEX >= 0x030C0000
PyObject *Watcher_at_line(Watcher *self, PyObject *long_way);
PyObject *Watcher_at_start(Watcher *self, PyObject *long_way);
PyObject *Watcher_at_return(Watcher *self, PyObject *long_way);
#else
PyObject *Watcher_tracer(Watcher *self, PyObject *args);
#endif
int Calling_ready(void);
int Watcher_ready(void);

#endif
