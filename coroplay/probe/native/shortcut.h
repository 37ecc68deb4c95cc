/* What all threads share of the short way. */

#ifndef COROPLAY_SHORTCUT_H
#define COROPLAY_SHORTCUT_H

#include "track.h"

#include "map.h"

typedef struct {
    PyObject_HEAD
    Steps *steps;
    PyObject *gone;      /* a list: the ties of greenlets that are gone, to be dealt with */
    getter frame_of;     /* of a greenlet: its attribute gr_frame */
    Map tracks;          /* the greenlets that are alive, not owned, to their tracks, owned */
    Map codes;           /* code objects, owned, to themselves where they are the person's own */
    Py_buffer attention; /* a byte that is set when a host has something to say */
    char closely;        /* whether all switches go the long way */
} Shortcut;

/* What `codes` says of code that is not the person's own. */
#define FOREIGN ((void *)1)

extern PyTypeObject Shortcut_Type;

/* What greenlet is to call in one thread; what can't be done in C goes the long way. */
PyObject *Hook_new(Shortcut *shortcut, PyObject *long_way);
int Hook_ready(void);
int Shortcut_ready(void);

#endif
