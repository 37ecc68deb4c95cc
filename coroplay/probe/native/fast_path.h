/* The fast path of switches, as all threads share it: the twin of coroplay/probe/fast_path.py. */

#ifndef COROPLAY_FAST_PATH_H
#define COROPLAY_FAST_PATH_H

#include "track.h" /* includes Python.h, which must come first */

#include "map.h"

typedef struct {
    PyObject_HEAD
    Steps *steps;
    PyObject *gone;      /* a list that receives the ties of greenlets that are gone */
    getter frame_of;     /* gets the attribute gr_frame of a greenlet */
    Map tracks;          /* from greenlets that are alive, not owned, to their tracks, owned */
    Map codes;           /* from code objects, not owned, to themselves; or to FOREIGN */
    Map ties;            /* from the same to the weak references that tell of their end, owned */
    Py_buffer attention; /* a byte that is set when a host has something to say */
    char force_slow;     /* whether every switch is passed on to the reference */
    char gevent_found;   /* whether gevent is imported and its spawns are recorded */
} FastPath;

/* The value in `codes` for code that is not the person's own. */
#define FOREIGN ((void *)1)

extern PyTypeObject FastPath_Type;

/* Tells whether no other step must be written before the next one. */
static inline int
nothing_is_pending(const FastPath *self, const Thread *thread)
{
    return PyList_GET_SIZE(self->gone) == 0
           && (thread->thrown == NULL || thread->thrown == Py_None);
}

/* Remembers whether code is the person's own; returns -1 with an exception set if it can't. */
int FastPath_learn_code(FastPath *self, PyCodeObject *code, int own);

int FastPath_ready(void);

#endif
