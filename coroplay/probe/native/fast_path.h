/* What all threads share of the fast path. */

#ifndef COROPLAY_FAST_PATH_H
#define COROPLAY_FAST_PATH_H

#include "track.h"

#include "map.h"

typedef struct {
    PyObject_HEAD
    Steps *steps;
    PyObject *gone;      /* a list: the ties of greenlets that are gone, to be dealt with */
    getter frame_of;     /* of a greenlet: its attribute gr_frame */
    Map tracks;          /* the greenlets that are alive, not owned, to their tracks, owned */
    Map codes;           /* code objects, not owned, to themselves if they are the person's own, or FOREIGN */
    Map ties;            /* the same, to the weak references that tell of their end, owned */
    Py_buffer attention; /* a byte that is set when a host has something to say */
    char force_slow;        /* whether every switch is passed on to the reference */
    char gevent_found;   /* whether gevent is there, and somebody listens to what it spawns */
} FastPath;

/* What `codes` says of code that is not the person's own. */
#define FOREIGN ((void *)1)

extern PyTypeObject FastPath_Type;

/* Whether nothing has happened that comes before the next step. */
static inline int
nothing_is_pending(const FastPath *self, const Thread *thread)
{
    return PyList_GET_SIZE(self->gone) == 0
           && (thread->thrown == NULL || thread->thrown == Py_None);
}

/* Remembers whose code that is; -1 with an exception set when there is no memory. */
int FastPath_learn_code(FastPath *self, PyCodeObject *code, int own);

/* What greenlet is to call in one thread; what it cannot do is passed on to the reference. */
PyObject *ThreadHook_new(FastPath *fast_path, PyObject *reference);
int ThreadHook_ready(void);
int FastPath_ready(void);

#endif
