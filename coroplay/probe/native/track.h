/* What a switch needs to know of a coroutine and of a thread, within reach of C. */

#ifndef COROPLAY_TRACK_H
#define COROPLAY_TRACK_H

#include "accelerator.h"

/* Where a coroutine was left before, and the reference of the detail that says so. */
typedef struct {
    PyCodeObject *code; /* NULL: not in use */
    int at;             /* the offset of the instruction in the code */
    int own;            /* whether it is the person's own code */
    uint32_t detail;
} Site;

#define SITES 4

/* The base of coroplay.probe.coroutines.Track. */
typedef struct {
    PyObject_HEAD
    uint32_t id;
    uint32_t left;         /* the step by which it was last left, plus 1 */
    uint32_t line;         /* its last line step, plus 1 */
    uint32_t location;      /* the location of its last line */
    char started;
    char hub;
    PyObject *name;        /* a text, empty while it is not known */
    PyObject *caller;      /* of a generator that runs: who it hands control back to, or None */
    PyObject *owner;       /* and the greenlet that it runs on */
    PyObject *generators;  /* a list of the tracks that run on it, innermost last */
    PyObject *thing;       /* the object itself, not owned; NULL once that is gone */
    unsigned next_site;    /* the one to be replaced next */
    Site sites[SITES];
} Track;

/* The base of coroplay.probe.thread_states.ThreadState. */
typedef struct {
    PyObject_HEAD
    Track *greenlet;  /* what runs */
    PyObject *thrown; /* a switch that is held back; NULL or None: there is none */
} Thread;

extern PyTypeObject Track_Type;
extern PyTypeObject Thread_Type;

/* The site there; NULL if it is not known. */
static inline const Site *
Track_site(const Track *self, const PyCodeObject *code, int at)
{
    for (int n = 0; n < SITES; n++) {
        if (self->sites[n].code == code && self->sites[n].at == at) {
            return &self->sites[n];
        }
    }
    return NULL;
}

static inline int
Track_is_named(const Track *self)
{
    PyObject *name = self->name;
    return name != NULL && PyUnicode_Check(name) && PyUnicode_GET_LENGTH(name) != 0;
}

/* Who really runs while a greenlet does; NULL if its list of generators is not as it should be. */
static inline Track *
Track_innermost(Track *self)
{
    PyObject *list = self->generators;
    if (list == NULL || !PyList_CheckExact(list)) {
        return NULL;
    }
    Py_ssize_t count = PyList_GET_SIZE(list);
    if (count == 0) {
        return self;
    }
    PyObject *last = PyList_GET_ITEM(list, count - 1);
    return Py_TYPE(last) == Py_TYPE(self) ? (Track *)last : NULL;
}

PyObject *standings(PyObject *module, PyObject *args);

/* Remembers a site. */
void Track_learn(Track *self, PyCodeObject *code, int at, int own, uint32_t detail);

#endif
