/* The fields of a coroutine and of a thread that the fast path reads: the twins of `Track` and
   `Thread` in coroplay/probe/fast_path.py. */

#ifndef COROPLAY_TRACK_H
#define COROPLAY_TRACK_H

#include "accelerator.h"

/* An instruction at which a coroutine was left before, and the detail of such switches. */
typedef struct {
    PyCodeObject *code; /* NULL: the site is not in use */
    int at;             /* the offset of the instruction in the code */
    int own;            /* whether the code is the person's own */
    uint32_t detail;
} Site;

#define SITES 4

/* The base of coroplay.probe.coroutines.Track. */
typedef struct {
    PyObject_HEAD
    uint32_t id;
    uint32_t left;         /* the step by which the coroutine was last left, plus 1 */
    uint32_t line;         /* the coroutine's last line step, plus 1 */
    uint32_t location;     /* the location of the coroutine's last line */
    char started;
    char hub;
    unsigned char raised;  /* the verb by which an exception was raised at a running generator's
                              yield; 0 if none was */
    PyObject *name;        /* a text, empty while it is not known */
    PyObject *caller;      /* the track that last resumed a generator; or None */
    PyObject *owner;       /* the track of the greenlet that a running generator runs on; or None */
    PyObject *generators;  /* a list of the generators that run on a greenlet, innermost last */
    PyObject *thing;       /* the greenlet itself, not owned; NULL once it is gone */
    unsigned next_site;    /* the index of the site to be replaced next */
    Site sites[SITES];
} Track;

/* The base of coroplay.probe.thread_states.ThreadState. */
typedef struct {
    PyObject_HEAD
    Track *greenlet;  /* the greenlet that runs */
    PyObject *thrown; /* a switch by exception that is held back; or NULL, or None */
} Thread;

extern PyTypeObject Track_Type;
extern PyTypeObject Thread_Type;

/* Returns the site of an instruction; NULL if it is not known. */
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

/* Returns the coroutine that really runs while a greenlet does; NULL if its list of generators is
   not as it should be. */
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

/* Sums up unfinished tracks, of which some run: a function of the module. */
PyObject *standings(PyObject *module, PyObject *args);

/* Remembers a site in place of the oldest. */
void Track_learn(Track *self, PyCodeObject *code, int at, int own, uint32_t detail);

#endif
