/* The fields of coroutines and threads that the fast path reads, and their summary: the twin of
   `Track` and `Thread` in coroplay/probe/fast_path.py, and of coroplay/probe/standings.py. */

#include "track.h"

#include <structmember.h>

void
Track_learn(Track *self, PyCodeObject *code, int at, int own, uint32_t detail)
{
    Site *site = &self->sites[self->next_site];
    self->next_site = (self->next_site + 1) % SITES;
    PyCodeObject *before = site->code;
    /* While the code object is held, its address can't become another's. */
    site->code = (PyCodeObject *)Py_NewRef(code);
    site->at = at;
    site->own = own;
    site->detail = detail;
    Py_XDECREF(before);
}

/* An entry of a summary, as coroplay/trace/layout.py describes it. */
typedef struct {
    uint32_t coroutine;
    uint32_t status;
    uint32_t left;
    uint32_t line;
} Standing;

_Static_assert(sizeof(Standing) == SUMMARY_ENTRY_SIZE, "an entry is as large as the format says");

static int
is_among(PyObject *list, const Track *track)
{
    for (Py_ssize_t n = 0; n < PyList_GET_SIZE(list); n++) {
        if (PyList_GET_ITEM(list, n) == (const PyObject *)track) {
            return 1;
        }
    }
    return 0;
}

PyObject *
standings(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *unfinished, *running, *key, *value;
    if (!PyArg_ParseTuple(args, "O!O!", &PyDict_Type, &unfinished, &PyList_Type, &running)) {
        return NULL;
    }
    PyObject *summary
        = PyBytes_FromStringAndSize(NULL, PyDict_GET_SIZE(unfinished) * (Py_ssize_t)sizeof(Standing));
    if (summary == NULL) {
        return NULL;
    }
    Standing *entry = (Standing *)PyBytes_AS_STRING(summary);
    for (Py_ssize_t at = 0; PyDict_Next(unfinished, &at, &key, &value); entry++) {
        if (!PyObject_TypeCheck(value, &Track_Type)) {
            PyErr_SetString(PyExc_TypeError, "only tracks have a standing");
            Py_DECREF(summary);
            return NULL;
        }
        const Track *track = (Track *)value;
        int suspended = track->left != 0 && !is_among(running, track);
        unsigned status = !track->started ? SUMMARY_STATUS_READY
                          : suspended      ? SUMMARY_STATUS_SUSPENDED
                                           : SUMMARY_STATUS_RUNNING;
        *entry = (Standing){track->id, status, track->left, track->line};
    }
    return summary;
}

static int
Track_traverse(Track *self, visitproc visit, void *arg)
{
    Py_VISIT(self->name);
    Py_VISIT(self->caller);
    Py_VISIT(self->owner);
    Py_VISIT(self->generators);
    for (int n = 0; n < SITES; n++) {
        Py_VISIT(self->sites[n].code);
    }
    return 0;
}

static int
Track_clear(Track *self)
{
    Py_CLEAR(self->name);
    Py_CLEAR(self->caller);
    Py_CLEAR(self->owner);
    Py_CLEAR(self->generators);
    for (int n = 0; n < SITES; n++) {
        Py_CLEAR(self->sites[n].code);
    }
    return 0;
}

static void
Track_dealloc(Track *self)
{
    PyObject_GC_UnTrack(self);
    Track_clear(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMemberDef track_members[] = {
    {"id", T_UINT, offsetof(Track, id), 0, "The coroutine's number."},
    {"left", T_UINT, offsetof(Track, left), 0,
     "The step by which the coroutine was last left, plus 1."},
    {"line", T_UINT, offsetof(Track, line), 0, "The coroutine's last line step, plus 1."},
    {"location", T_UINT, offsetof(Track, location), 0,
     "The location of the coroutine's last line."},
    {"name", T_OBJECT_EX, offsetof(Track, name), 0,
     "The coroutine's name; empty while it is not known."},
    {"started", T_BOOL, offsetof(Track, started), 0, "True once the coroutine has run."},
    {"hub", T_BOOL, offsetof(Track, hub), 0, "True for a hub of gevent's."},
    {"caller", T_OBJECT, offsetof(Track, caller), 0,
     "The track that last resumed a generator, or None."},
    {"owner", T_OBJECT, offsetof(Track, owner), 0,
     "The track of the greenlet that a running generator runs on, or None."},
    {"raised", T_UBYTE, offsetof(Track, raised), 0,
     "The verb by which an exception was raised at a running generator's yield, or 0."},
    {"generators", T_OBJECT_EX, offsetof(Track, generators), 0,
     "The tracks of the generators that run on a greenlet, innermost last."},
    {NULL, 0, 0, 0, NULL},
};

PyTypeObject Track_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.Track",
    .tp_doc = "The fields of a coroutine that the fast path reads.",
    .tp_basicsize = sizeof(Track),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = (destructor)Track_dealloc,
    .tp_traverse = (traverseproc)Track_traverse,
    .tp_clear = (inquiry)Track_clear,
    .tp_members = track_members,
};

static PyObject *
Thread_get_greenlet(Thread *self, void *Py_UNUSED(nothing))
{
    if (self->greenlet == NULL) {
        PyErr_SetString(PyExc_AttributeError, "greenlet");
        return NULL;
    }
    return Py_NewRef(self->greenlet);
}

static int
Thread_set_greenlet(Thread *self, PyObject *track, void *Py_UNUSED(nothing))
{
    if (track == NULL || !PyObject_TypeCheck(track, &Track_Type)) {
        PyErr_SetString(PyExc_TypeError, "only a track runs on a thread");
        return -1;
    }
    Py_XSETREF(self->greenlet, (Track *)Py_NewRef(track));
    return 0;
}

static int
Thread_traverse(Thread *self, visitproc visit, void *arg)
{
    Py_VISIT(self->greenlet);
    Py_VISIT(self->thrown);
    return 0;
}

static int
Thread_clear(Thread *self)
{
    Py_CLEAR(self->greenlet);
    Py_CLEAR(self->thrown);
    return 0;
}

static void
Thread_dealloc(Thread *self)
{
    PyObject_GC_UnTrack(self);
    Thread_clear(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyGetSetDef thread_attributes[] = {
    {"greenlet", (getter)Thread_get_greenlet, (setter)Thread_set_greenlet,
     "The track of the greenlet that runs; where none does, of the thread itself.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef thread_members[] = {
    {"thrown", T_OBJECT, offsetof(Thread, thrown), 0,
     "A switch by exception that is held back, or None."},
    {NULL, 0, 0, 0, NULL},
};

PyTypeObject Thread_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.Thread",
    .tp_doc = "The fields of a thread that the fast path reads.",
    .tp_basicsize = sizeof(Thread),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = (destructor)Thread_dealloc,
    .tp_traverse = (traverseproc)Thread_traverse,
    .tp_clear = (inquiry)Thread_clear,
    .tp_getset = thread_attributes,
    .tp_members = thread_members,
};
