/* The table of steps, where a row costs two stores while there is room in the window: the twin of
   coroplay/probe/files/steps.py. */

#include "accelerator.h"

#include <structmember.h>

#define WINDOW_SIZE ((uint64_t)1 << WINDOW_BITS)

static void
unmap_window(Steps *self)
{
    self->rows = NULL;
    self->first = self->end = 0;
    if (self->mapped.obj != NULL) {
        PyBuffer_Release(&self->mapped);
    }
}

static int
map_window(Steps *self, uint64_t number)
{
    PyObject *view = PyObject_CallFunction(self->window, "K", (unsigned long long)number);
    if (view == NULL) {
        return -1;
    }
    Py_buffer buffer;
    int failed = PyObject_GetBuffer(view, &buffer, PyBUF_WRITABLE);
    Py_DECREF(view);
    if (failed < 0) {
        return -1;
    }
    if (self->window == NULL) {
        /* Another thread has closed the file meanwhile. */
        PyBuffer_Release(&buffer);
        PyErr_SetString(PyExc_RuntimeError, "the recording is closed");
        return -1;
    }
    if ((uint64_t)buffer.len != WINDOW_SIZE) {
        PyBuffer_Release(&buffer);
        PyErr_SetString(PyExc_ValueError, "a window has another size than expected");
        return -1;
    }
    unmap_window(self);
    self->mapped = buffer;
    uint64_t skipped = number == 0 ? HEADER_SIZE : 0;
    self->rows = (StepRow *)((char *)buffer.buf + skipped);
    self->first = (number * WINDOW_SIZE + skipped - HEADER_SIZE) / sizeof(StepRow);
    self->end = ((number + 1) * WINDOW_SIZE - HEADER_SIZE) / sizeof(StepRow);
    return 0;
}

int
Steps_reserve(Steps *self)
{
    /* Mapping a window lets other threads run, and they may need the next window by then. */
    while (self->count < self->first || self->count >= self->end) {
        if (self->window == NULL) {
            PyErr_SetString(PyExc_RuntimeError, "the recording is closed");
            return -1;
        }
        uint64_t offset = HEADER_SIZE + self->count * sizeof(StepRow);
        if (map_window(self, offset / WINDOW_SIZE) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
unsigned_field(PyObject *number, uint64_t most, uint64_t *field)
{
    *field = PyLong_AsUnsignedLongLong(number);
    if (*field == (uint64_t)-1 && PyErr_Occurred()) {
        return -1;
    }
    if (*field > most) {
        PyErr_SetString(PyExc_OverflowError, "a field of a step is too large");
        return -1;
    }
    return 0;
}

static PyObject *
Steps_append(Steps *self, PyObject *const *args, Py_ssize_t count)
{
    uint64_t verb, time, coroutine, detail;
    if (count != 4) {
        PyErr_SetString(PyExc_TypeError, "append takes verb, time, coroutine and detail");
        return NULL;
    }
    if (unsigned_field(args[0], 0xFFF, &verb) < 0 || unsigned_field(args[1], UINT64_MAX, &time) < 0
        || unsigned_field(args[2], UINT32_MAX, &coroutine) < 0
        || unsigned_field(args[3], UINT32_MAX, &detail) < 0 || Steps_reserve(self) < 0) {
        return NULL;
    }
    Steps_write(self, (uint32_t)coroutine, (uint32_t)detail, time, (unsigned)verb);
    return PyLong_FromUnsignedLongLong(self->count);
}

static PyObject *
Steps_get_time(Steps *self, PyObject *Py_UNUSED(nothing))
{
    return PyLong_FromUnsignedLongLong(Steps_time(self));
}

static PyObject *
Steps_begin(Steps *self, PyObject *Py_UNUSED(nothing))
{
    self->base = Clock_now(&self->clock);
    Py_RETURN_NONE;
}

static PyObject *
Steps_hold(Steps *self, PyObject *Py_UNUSED(nothing))
{
    self->held = Clock_now(&self->clock);
    Py_RETURN_NONE;
}

static PyObject *
Steps_resume(Steps *self, PyObject *Py_UNUSED(nothing))
{
    int64_t gone = Clock_now(&self->clock) - self->held;
    self->base += gone;
    self->held = 0;
    return PyLong_FromLongLong(gone);
}

static PyObject *
Steps_stop(Steps *self, PyObject *Py_UNUSED(nothing))
{
    unmap_window(self);
    Py_CLEAR(self->window);
    Py_RETURN_NONE;
}

static int
Steps_init(Steps *self, PyObject *args, PyObject *Py_UNUSED(named))
{
    PyObject *window;
    if (!PyArg_ParseTuple(args, "O", &window)) {
        return -1;
    }
    Py_XSETREF(self->window, Py_NewRef(window));
    Clock_init(&self->clock);
    return Steps_reserve(self);
}

static int
Steps_traverse(Steps *self, visitproc visit, void *arg)
{
    Py_VISIT(self->window);
    /* `mapped` is left out: the garbage collector must not find that the window could go. */
    return 0;
}

static int
Steps_clear(Steps *self)
{
    unmap_window(self);
    Py_CLEAR(self->window);
    return 0;
}

static void
Steps_dealloc(Steps *self)
{
    PyObject_GC_UnTrack(self);
    Steps_clear(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef methods[] = {
    {"append", (PyCFunction)(void (*)(void))Steps_append, METH_FASTCALL,
     "Commit a step; return the number of steps so far. Raises OSError without room."},
    {"time", (PyCFunction)Steps_get_time, METH_NOARGS,
     "Return the program's own time in nanoseconds."},
    {"begin", (PyCFunction)Steps_begin, METH_NOARGS, "Set the program's own time to zero."},
    {"hold", (PyCFunction)Steps_hold, METH_NOARGS, "Make the program's own time stand still."},
    {"resume", (PyCFunction)Steps_resume, METH_NOARGS,
     "Make the program's time go on; return the nanoseconds that it stood still."},
    {"stop", (PyCFunction)Steps_stop, METH_NOARGS, "Write no more."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"mark_at", T_ULONGLONG, offsetof(Steps, mark_at), 0,
     "Number of steps at which the next mark is due."},
    {"count", T_ULONGLONG, offsetof(Steps, count), READONLY, "Number of steps written so far."},
    {NULL, 0, 0, 0, NULL},
};

PyTypeObject Steps_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.Steps",
    .tp_doc = "The end of the table of steps, where rows are appended.",
    .tp_basicsize = sizeof(Steps),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)Steps_init,
    .tp_dealloc = (destructor)Steps_dealloc,
    .tp_traverse = (traverseproc)Steps_traverse,
    .tp_clear = (inquiry)Steps_clear,
    .tp_methods = methods,
    .tp_members = members,
};
