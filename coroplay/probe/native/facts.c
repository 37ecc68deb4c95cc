/* Facts that the frames of one function have in common, above all locations: the twin of
   `CodeFacts` in coroplay/probe/inspect/snapshots.py and of the memory in
   coroplay/probe/files/locations.py. */

#include "internals.h"
#include "lines.h"

#define MOST_LINES 100000

static void
Facts_dealloc(Facts *self)
{
    PyMem_Free(self->locations);
    PyMem_Free(self->firsts);
    PyMem_Free(self->calls);
    Py_XDECREF(self->code);
    PyObject_Free(self);
}

PyTypeObject Facts_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.Facts",
    .tp_basicsize = sizeof(Facts),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_dealloc = (destructor)Facts_dealloc,
};

Facts *
Facts_of(Lines *self, PyCodeObject *code)
{
    Facts *facts = Map_find(&self->facts, code);
    if (facts != NULL) {
        return facts;
    }
    facts = PyObject_New(Facts, &Facts_Type);
    if (facts == NULL) {
        return NULL;
    }
    facts->code = (PyCodeObject *)Py_NewRef((PyObject *)code);
    facts->count = 0;
    facts->locations = facts->firsts = facts->calls = NULL;
    if (Map_put(&self->facts, code, facts) < 0) {
        Py_DECREF(facts);
        PyErr_NoMemory();
        return NULL;
    }
    return facts;
}

Py_ssize_t
Facts_row(Facts *facts, int line)
{
    Py_ssize_t row = (Py_ssize_t)line - facts->code->co_firstlineno;
    if (row < 0 || row >= MOST_LINES) {
        return -1;
    }
    if (row >= facts->count) {
        Py_ssize_t count = row + 32;
        uint32_t *locations = PyMem_Realloc(facts->locations, (size_t)count * sizeof(uint32_t));
        facts->locations = locations != NULL ? locations : facts->locations;
        uint32_t *firsts = PyMem_Realloc(facts->firsts, (size_t)count * sizeof(uint32_t));
        facts->firsts = firsts != NULL ? firsts : facts->firsts;
        if (locations == NULL || firsts == NULL) {
            return -1;
        }
        size_t added = (size_t)(count - facts->count) * sizeof(uint32_t);
        memset(locations + facts->count, 0, added);
        memset(firsts + facts->count, 0, added);
        facts->count = count;
    }
    return row;
}

/* Takes the number that a Python function returned; returns -1 with an exception set if none. */
static int
number_of(PyObject *found, uint32_t *number)
{
    if (found == NULL) {
        return -1;
    }
    *number = (uint32_t)PyLong_AsUnsignedLong(found);
    Py_DECREF(found);
    return PyErr_Occurred() ? -1 : 0;
}

int
location_of_line(Lines *self, Facts *facts, int line, uint32_t *location)
{
    Py_ssize_t row = Facts_row(facts, line);
    if (row >= 0 && facts->locations[row] != 0) {
        *location = facts->locations[row];
        return 0;
    }
    PyObject *found = PyObject_CallFunction(self->locate, "Oi", facts->code, line);
    if (number_of(found, location) < 0) {
        return -1;
    }
    if (row >= 0) {
        facts->locations[row] = *location;
    }
    return 0;
}

int
location_of_call(Lines *self, Facts *facts, PyFrameObject *frame, uint32_t *location)
{
    size_t count = (size_t)_PyCode_NBYTES(facts->code) / 2;
    size_t at = (size_t)PyFrame_GetLasti(frame) / 2;
    if (facts->calls == NULL) {
        facts->calls = PyMem_Calloc(count, sizeof(uint32_t));
    }
    if (facts->calls != NULL && at < count && facts->calls[at] != 0) {
        *location = facts->calls[at];
        return 0;
    }
    if (number_of(PyObject_CallOneArg(self->locate_call, (PyObject *)frame), location) < 0) {
        return -1;
    }
    if (facts->calls != NULL && at < count) {
        facts->calls[at] = *location;
    }
    return 0;
}

int
Facts_learn_call(Lines *self, PyFrameObject *frame)
{
    PyCodeObject *code = PyFrame_GetCode(frame);
    Facts *facts = Facts_of(self, code);
    Py_DECREF(code);
    uint32_t location;
    /* Without memory, the reference takes such calls each time. */
    return facts == NULL ? -1 : location_of_call(self, facts, frame, &location);
}

uint32_t
Facts_call(const Facts *facts, int at)
{
    return facts->calls == NULL ? 0 : facts->calls[at / 2];
}
