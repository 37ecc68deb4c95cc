/* The fast path of a line, and of the beginning and end of a function: what all versions of Python
   have in common of it. The reference, in Python, takes whatever is not as usual. */

#ifndef COROPLAY_LINE_HOOKS_H
#define COROPLAY_LINE_HOOKS_H

#include "lines.h"
#include "fast_path.h"

typedef struct {
    PyObject_HEAD
    FastPath *fast_path;
    Lines *lines;
    PyObject *threads;   /* a dict: by the number of a thread, what is known of it */
    PyObject *frames;    /* a dict: by the address of a generator's frame, whose it is */
    PyObject *none;      /* the list of generators of a greenlet that runs none */
    PyObject *awaited;   /* a frozenset: the lines at which a host may want to stop; or NULL */
    char stops;          /* whether it may want to stop at any line */
    PyObject *fault;     /* takes an exception, and says whether it is the program's own */
    PyObject *key;       /* the number of the thread that was asked for last, as in `threads` */
    unsigned long ident; /* and by itself */
} LineHooks;

extern PyTypeObject LineHooks_Type;

/* A line is about to run. All of these: 1 when that was all, 0 when the reference has to take it, and
   -1 with an exception that is the program's own. */
int LineHooks_on_line(LineHooks *self, PyFrameObject *frame, int line);

/* A function that is no generator begins, or ends. */
int LineHooks_on_start(LineHooks *self, PyFrameObject *frame, PyCodeObject *code);
int LineHooks_on_return(LineHooks *self, PyFrameObject *frame, PyCodeObject *code);

/* A generator goes on after its yield, or hands a value back. */
int LineHooks_on_resume(LineHooks *self, PyFrameObject *frame);
int LineHooks_on_yield(LineHooks *self, PyFrameObject *frame, PyCodeObject *code, PyObject *value);

/* The greenlet that runs on this thread, borrowed; NULL if something is to be dealt with before the
   next step. */
Track *LineHooks_greenlet(LineHooks *self);

/* Whether a host may want the program to stand still at any step. */
static inline int
LineHooks_may_stop(const LineHooks *self)
{
    const char *attention = self->fast_path->attention.buf;
    return self->stops || (attention != NULL && *attention != 0);
}

/* An exception has cut it short: 1 if it is ours, which is dealt with; -1 if it is the program's. */
int LineHooks_handle_error(LineHooks *self);

/* What the interpreter calls. */
#if PY_VERSION_HEX >= 0x030C0000
PyObject *LineHooks_at_line(LineHooks *self, PyObject *reference);
PyObject *LineHooks_at_start(LineHooks *self, PyObject *reference);
PyObject *LineHooks_at_return(LineHooks *self, PyObject *reference);
PyObject *LineHooks_at_resume(LineHooks *self, PyObject *reference);
PyObject *LineHooks_at_yield(LineHooks *self, PyObject *reference);
#else
PyObject *LineHooks_tracer(LineHooks *self, PyObject *args);
#endif
int Callbacks_ready(void);
int LineHooks_ready(void);

#endif
