/* The knowledge that the fast path of switches needs: the tracks of greenlets, and whose code is
   whose. The twin of coroplay/probe/fast_path.py. */

#include "fast_path.h"

#include <structmember.h>

static PyObject *key_of_track;

static void
unbind(FastPath *self, Track *track)
{
    PyObject *thing = track->thing;
    track->thing = NULL;
    if (thing != NULL && Map_find(&self->tracks, thing) == track) {
        Map_remove(&self->tracks, thing);
        Py_DECREF(track);
    }
}

static PyObject *
FastPath_bind(FastPath *self, PyObject *args)
{
    Track *track;
    PyObject *thing;
    if (!PyArg_ParseTuple(args, "O!O", &Track_Type, &track, &thing)) {
        return NULL;
    }
    Track *before = Map_find(&self->tracks, thing);
    if (before != NULL) {
        unbind(self, before);
    }
    if (Map_put(&self->tracks, thing, track) < 0) {
        return PyErr_NoMemory();
    }
    Py_INCREF(track);
    track->thing = thing;
    Py_RETURN_NONE;
}

/* Called by the weak references to greenlets. Must run no Python code: see `Registry` in
   coroplay/probe/coroutines.py. */
static PyObject *
FastPath_forget(FastPath *self, PyObject *tie)
{
    PyObject *track = PyObject_GetAttr(tie, key_of_track);
    if (track == NULL) {
        return NULL;
    }
    if (PyObject_TypeCheck(track, &Track_Type)) {
        unbind(self, (Track *)track);
    }
    Py_DECREF(track);
    if (PyList_Append(self->gone, tie) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* The callback of a code object's weak reference: the code is gone, and its address may become that of
   another. Runs no Python code. */
static PyObject *
forget_code(PyObject *place, PyObject *tie)
{
    FastPath *self = PyCapsule_GetContext(place);
    void *code = PyCapsule_GetPointer(place, NULL);
    if (Map_find(&self->ties, code) == tie) {
        Map_remove(&self->codes, code);
        Map_remove(&self->ties, code);
        Py_DECREF(tie);
    }
    Py_RETURN_NONE;
}

static PyMethodDef when_code_is_gone
    = {"forget_code", forget_code, METH_O, "Forget a code object that is gone."};

static void
release_fast_path(PyObject *place)
{
    Py_XDECREF((PyObject *)PyCapsule_GetContext(place));
}

/* A weak reference to code, whose end makes the fast path forget it; NULL with an exception set. */
static PyObject *
tie_code(FastPath *self, PyCodeObject *code)
{
    PyObject *place = PyCapsule_New(code, NULL, release_fast_path);
    if (place == NULL) {
        return NULL;
    }
    /* Held, and never let go of while there is code: the program can get hold of a tie, too. */
    if (PyCapsule_SetContext(place, Py_NewRef(self)) < 0) {
        Py_DECREF(place);
        return NULL;
    }
    PyObject *callback = PyCFunction_New(&when_code_is_gone, place);
    Py_DECREF(place);
    PyObject *tie = callback == NULL ? NULL : PyWeakref_NewRef((PyObject *)code, callback);
    Py_XDECREF(callback);
    return tie;
}

int
FastPath_learn_code(FastPath *self, PyCodeObject *code, int own)
{
    if (Map_find(&self->codes, code) != NULL) {
        return 0;
    }
    PyObject *tie = tie_code(self, code);
    if (tie == NULL) {
        return -1;
    }
    /* Making it may have let another thread come in between. */
    if (Map_find(&self->codes, code) != NULL) {
        Py_DECREF(tie);
        return 0;
    }
    if (Map_put(&self->ties, code, tie) < 0) {
        Py_DECREF(tie);
        PyErr_NoMemory();
        return -1;
    }
    if (Map_put(&self->codes, code, own ? (void *)code : FOREIGN) < 0) {
        Map_remove(&self->ties, code);
        Py_DECREF(tie);
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static PyObject *
FastPath_learn(FastPath *self, PyObject *args)
{
    Track *track;
    PyFrameObject *frame;
    PyObject *own;
    unsigned int detail;
    if (!PyArg_ParseTuple(args, "O!O!OI", &Track_Type, &track, &PyFrame_Type, &frame, &own,
                          &detail)) {
        return NULL;
    }
    PyFrameObject *counts = own == Py_None ? frame : (PyFrameObject *)own;
    int failed = 0;
    Py_INCREF(frame);
    while (frame != NULL && !failed) {
        PyCodeObject *code = PyFrame_GetCode(frame);
        failed = FastPath_learn_code(self, code, (PyObject *)frame == own) < 0;
        int at = PyFrame_GetLasti(frame);
        if (frame == counts && !failed && Track_site(track, code, at) == NULL) {
            Track_learn(track, code, at, own != Py_None, detail);
        }
        Py_DECREF(code);
        Py_SETREF(frame, (PyObject *)frame == own ? NULL : PyFrame_GetBack(frame));
    }
    Py_XDECREF(frame);
    if (failed) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
FastPath_set_attention(FastPath *self, PyObject *view)
{
    Py_buffer buffer;
    if (PyObject_GetBuffer(view, &buffer, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    if (self->attention.obj != NULL) {
        PyBuffer_Release(&self->attention);
    }
    self->attention = buffer;
    Py_RETURN_NONE;
}

static int
FastPath_init(FastPath *self, PyObject *args, PyObject *Py_UNUSED(named))
{
    PyObject *steps, *gone, *attribute;
    if (!PyArg_ParseTuple(args, "O!O!O!", &Steps_Type, &steps, &PyList_Type, &gone,
                          &PyGetSetDescr_Type, &attribute)) {
        return -1;
    }
    if (self->steps != NULL) {
        PyErr_SetString(PyExc_TypeError, "a FastPath is initialised once");
        return -1;
    }
    if (Map_init(&self->tracks) < 0 || Map_init(&self->codes) < 0 || Map_init(&self->ties) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    self->steps = (Steps *)Py_NewRef(steps);
    self->gone = Py_NewRef(gone);
    self->frame_of = ((PyGetSetDescrObject *)attribute)->d_getset->get;
    return 0;
}

static int
FastPath_traverse(FastPath *self, visitproc visit, void *arg)
{
    Py_VISIT(self->steps);
    Py_VISIT(self->gone);
    /* `attention` is left out: the garbage collector must not find that the mapping could go. */
    for (size_t at = 0; self->tracks.entries != NULL && at <= self->tracks.mask; at++) {
        Py_VISIT((PyObject *)self->tracks.entries[at].value);
    }
    return 0;
}

static void
FastPath_dealloc(FastPath *self)
{
    PyObject_GC_UnTrack(self);
    for (size_t at = 0; self->tracks.entries != NULL && at <= self->tracks.mask; at++) {
        Py_XDECREF((PyObject *)self->tracks.entries[at].value);
    }
    Map_free(&self->tracks);
    for (size_t at = 0; self->ties.entries != NULL && at <= self->ties.mask; at++) {
        Py_XDECREF((PyObject *)self->ties.entries[at].value);
    }
    Map_free(&self->ties);
    Map_free(&self->codes);
    if (self->attention.obj != NULL) {
        PyBuffer_Release(&self->attention);
    }
    Py_CLEAR(self->steps);
    Py_CLEAR(self->gone);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef fast_path_methods[] = {
    {"bind", (PyCFunction)FastPath_bind, METH_VARARGS, "Note that a track belongs to a greenlet."},
    {"forget", (PyCFunction)FastPath_forget, METH_O,
     "Note that a greenlet is gone. Called by the weak reference to it."},
    {"learn", (PyCFunction)FastPath_learn, METH_VARARGS,
     "Remember the detail of switches that leave a coroutine in a frame."},
    {"set_attention", (PyCFunction)FastPath_set_attention, METH_O,
     "Pass every switch on while the first byte is set."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef fast_path_members[] = {
    {"force_slow", T_BOOL, offsetof(FastPath, force_slow), 0,
     "True while every switch goes to the reference."},
    {"gevent_found", T_BOOL, offsetof(FastPath, gevent_found), 0,
     "True once gevent is imported and its spawns are recorded."},
    {NULL, 0, 0, 0, NULL},
};

PyTypeObject FastPath_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.FastPath",
    .tp_doc = "The fast path of a switch.",
    .tp_basicsize = sizeof(FastPath),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)FastPath_init,
    .tp_dealloc = (destructor)FastPath_dealloc,
    .tp_traverse = (traverseproc)FastPath_traverse,
    .tp_methods = fast_path_methods,
    .tp_members = fast_path_members,
};

int
FastPath_ready(void)
{
    key_of_track = PyUnicode_InternFromString("track");
    return key_of_track == NULL ? -1 : 0;
}
