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
    PyObject *frames;    /* a dict: by the address of a generator's frame, whose it is */
    PyObject *none;      /* the list of generators of a greenlet that runs none */
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

/* A generator goes on after its yield, or hands a value back. */
int Watcher_resumes(Watcher *self, PyFrameObject *frame);
int Watcher_yields(Watcher *self, PyFrameObject *frame, PyCodeObject *code, PyObject *value);

/* The greenlet that runs on this thread, borrowed; NULL if something is to be dealt with before the
   next step. */
Track *Watcher_greenlet(Watcher *self);

/* Whether a host may want the program to stand still at any step. */
static inline int
Watcher_may_stop(const Watcher *self)
{
    const char *attention = self->shortcut->attention.buf;
    return self->stops || (attention != NULL && *attention != 0);
}

/* An exception has cut it short: 1 if it is ours, which is dealt with; -1 if it is the program's. */
int Watcher_fail(Watcher *self);

/* What the interpreter calls. */
#if PY_VERSION_HEX >= 0x030C0000
PyObject *Watcher_at_line(Watcher *self, PyObject *long_way);
PyObject *Watcher_at_start(Watcher *self, PyObject *long_way);
PyObject *Watcher_at_return(Watcher *self, PyObject *long_way);
PyObject *Watcher_at_resume(Watcher *self, PyObject *long_way);
PyObject *Watcher_at_yield(Watcher *self, PyObject *long_way);
#else
PyObject *Watcher_tracer(Watcher *self, PyObject *args);
#endif
int Calling_ready(void);
int Watcher_ready(void);

#endif
