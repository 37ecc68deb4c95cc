/* The fast path of a line, and of the start and end of a function, as far as all versions of Python
   have it in common: the twin of `Recorder.on_line` in coroplay/probe/recorder.py. */

#ifndef COROPLAY_LINE_HOOKS_H
#define COROPLAY_LINE_HOOKS_H

#include "lines.h"
#include "fast_path.h"

typedef struct {
    PyObject_HEAD
    FastPath *fast_path;
    Lines *lines;
    PyObject *threads;   /* a dict from the numbers of threads to their states */
    PyObject *frames;    /* a dict from the addresses of generators' frames to their tracks */
    PyObject *none;      /* the list of generators of every greenlet that runs none */
    PyObject *awaited;   /* a frozenset of the lines at which a host may want to stop; or NULL */
    char stops;          /* whether a host may want to stop at any line */
    PyObject *fault;     /* takes an exception, and tells whether it is the program's own */
    PyObject *key;       /* the number of the thread that was looked up last, as in `threads` */
    unsigned long ident; /* the same number */
} LineHooks;

extern PyTypeObject LineHooks_Type;

/* Records that a line is about to run. Like the four functions below, returns 1 when that is done,
   0 when the reference has to do it, and -1 with an exception that is the program's own. */
int LineHooks_on_line(LineHooks *self, PyFrameObject *frame, int line);

/* Take note of the start, or the return, of a function that is no generator. */
int LineHooks_on_start(LineHooks *self, PyFrameObject *frame, PyCodeObject *code);
int LineHooks_on_return(LineHooks *self, PyFrameObject *frame, PyCodeObject *code);

/* Record that a generator is resumed after its yield, or yields a value. */
int LineHooks_on_resume(LineHooks *self, PyFrameObject *frame);
int LineHooks_on_yield(LineHooks *self, PyFrameObject *frame, PyCodeObject *code, PyObject *value);

/* Returns the greenlet that runs on this thread, borrowed; NULL if it is not known, or another step
   must be written before the next one. */
Track *LineHooks_greenlet(LineHooks *self);

/* Tells whether a host may want the program to pause at any step. */
static inline int
LineHooks_may_stop(const LineHooks *self)
{
    const char *attention = self->fast_path->attention.buf;
    return self->stops || (attention != NULL && *attention != 0);
}

/* Deals with the exception that is set: returns 1 if it was the probe's, -1 if the program's. */
int LineHooks_handle_error(LineHooks *self);

/* Make the functions that the interpreter is to call. */
#if PY_VERSION_HEX >= 0x030C0000
PyObject *LineHooks_at_line(LineHooks *self, PyObject *reference);
PyObject *LineHooks_at_jump(LineHooks *self, PyObject *args);
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
