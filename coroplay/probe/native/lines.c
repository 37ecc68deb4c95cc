/* The details of lines in functions: the twin of `PythonLines` in coroplay/probe/lines.py. */

#include "lines.h"

#include <structmember.h>

static void
Snapshot_dealloc(Snapshot *self)
{
    for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
        Py_XDECREF(self->variables[i].fingerprint);
        Py_XDECREF(self->variables[i].shown);
    }
    Py_XDECREF(self->facts);
    PyObject_Free(self);
}

PyTypeObject Snapshot_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.Snapshot",
    .tp_basicsize = offsetof(Snapshot, variables),
    .tp_itemsize = sizeof(Variable),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_dealloc = (destructor)Snapshot_dealloc,
};

static Snapshot *
new_snapshot(Lines *self, PyFrameObject *frame, PyCodeObject *code)
{
    Facts *facts = Facts_of(self, code);
    if (facts == NULL) {
        return NULL;
    }
    Py_ssize_t count = code->co_nlocalsplus;
    Snapshot *snapshot = PyObject_NewVar(Snapshot, &Snapshot_Type, count);
    if (snapshot == NULL) {
        return NULL;
    }
    snapshot->facts = (Facts *)Py_NewRef((PyObject *)facts);
    snapshot->detail = snapshot->links = snapshot->unchanged = 0;
    memset(snapshot->variables, 0, (size_t)count * sizeof(Variable));
    if (Map_put(&self->snapshots, frame, Py_NewRef(snapshot)) < 0) {
        Py_DECREF(snapshot);
        Py_CLEAR(snapshot);
        PyErr_NoMemory();
    }
    return snapshot;
}

/* Finds the detail of a line before which nothing changed: the one written before, if there is. */
static int
unchanged(Lines *self, Snapshot *snapshot, int line, uint32_t location, uint32_t *detail)
{
    Py_ssize_t row = snapshot->detail == 0 ? Facts_row(snapshot->facts, line) : -1;
    if (row >= 0 && snapshot->facts->firsts[row] != 0) {
        *detail = snapshot->facts->firsts[row];
        return 0;
    }
    for (unsigned i = 0; i < snapshot->unchanged && i < MOST_UNCHANGED; i++) {
        if (snapshot->details[i].line == line) {
            *detail = snapshot->details[i].detail;
            return 0;
        }
    }
    if (write_detail(&self->details, snapshot->detail, location, 0, 0, detail) < 0) {
        return -1;
    }
    if (row >= 0) {
        snapshot->facts->firsts[row] = *detail;
    }
    else {
        snapshot->details[snapshot->unchanged % MOST_UNCHANGED] = (Unchanged){line, *detail};
        snapshot->unchanged++;
    }
    return 0;
}

/* Writes the text of all variables that are shown. */
static int
write_all(Lines *self, Snapshot *snapshot, uint32_t *reference)
{
    Text text;
    Text_begin(&text);
    int failed = 0;
    for (Py_ssize_t i = 0; i < Py_SIZE(snapshot) && !failed; i++) {
        Variable *variable = &snapshot->variables[i];
        PyObject *name = PyTuple_GET_ITEM(snapshot->facts->code->co_localsplusnames, i);
        if (variable->fingerprint != NULL && variable->fingerprint != self->hidden) {
            failed = Text_add_variable(&text, name, variable) < 0;
        }
    }
    failed = failed || write_text(&self->texts, &text, reference) < 0;
    Text_end(&text);
    return failed ? -1 : 0;
}

/* Writes a detail that tells of changes: the next link of the frame's chain. */
static int
add_link(Lines *self, Snapshot *snapshot, uint32_t location, const Text *changed, uint32_t *detail)
{
    uint32_t text, whole = 0;
    if (write_text(&self->texts, changed, &text) < 0) {
        return -1;
    }
    snapshot->links++;
    if (snapshot->links % SNAPSHOT_EVERY == 0 && write_all(self, snapshot, &whole) < 0) {
        return -1;
    }
    if (write_detail(&self->details, snapshot->detail, location, text, whole, detail) < 0) {
        return -1;
    }
    snapshot->detail = *detail;
    snapshot->unchanged = 0;
    return 0;
}

int
Lines_find(Lines *self, PyFrameObject *frame, PyCodeObject *code, int line, uint32_t *location,
           uint32_t *detail)
{
    Snapshot *snapshot = Map_find(&self->snapshots, frame);
    if (snapshot != NULL && snapshot->facts->code != code) {
        /* The end of an earlier frame at that address was not seen. */
        Lines_leave(self, frame);
        snapshot = NULL;
    }
    if (snapshot != NULL) {
        Py_INCREF(snapshot);
    }
    else if ((snapshot = new_snapshot(self, frame, code)) == NULL) {
        return -1;
    }
    Text changed;
    Text_begin(&changed);
    int failed = location_of_line(self, snapshot->facts, line, location) < 0
                 || find_changes(self, snapshot, frame, &changed) < 0;
    if (!failed) {
        failed = changed.used != 0 ? add_link(self, snapshot, *location, &changed, detail) < 0
                                   : unchanged(self, snapshot, line, *location, detail) < 0;
    }
    Text_end(&changed);
    Py_DECREF(snapshot);
    return failed ? -1 : 0;
}

static PyObject *
Lines_detail(Lines *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 2 || !PyFrame_Check(args[0]) || !PyLong_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "detail takes a frame and a line");
        return NULL;
    }
    PyFrameObject *frame = (PyFrameObject *)args[0];
    PyCodeObject *code = PyFrame_GetCode(frame);
    PyObject *found = NULL;
    uint32_t location, detail;
    if (!(code->co_flags & CO_OPTIMIZED)) {
        found = PyObject_Vectorcall(self->in_python, args, 2, NULL);
    }
    else if (Lines_find(self, frame, code, (int)PyLong_AsLong(args[1]), &location, &detail) == 0) {
        found = Py_BuildValue("II", location, detail);
    }
    Py_DECREF(code);
    return found;
}

void
Lines_leave(Lines *self, PyFrameObject *frame)
{
    Snapshot *snapshot = Map_find(&self->snapshots, frame);
    if (snapshot != NULL) {
        Map_remove(&self->snapshots, frame);
        Py_DECREF(snapshot);
    }
}

static PyObject *
Lines_forget(Lines *self, PyObject *frame)
{
    if (!PyFrame_Check(frame)) {
        PyErr_SetString(PyExc_TypeError, "forget takes a frame");
        return NULL;
    }
    PyCodeObject *code = PyFrame_GetCode((PyFrameObject *)frame);
    int here = code->co_flags & CO_OPTIMIZED;
    Py_DECREF(code);
    if (!here) {
        return PyObject_CallOneArg(self->forget, frame);
    }
    Lines_leave(self, (PyFrameObject *)frame);
    Py_RETURN_NONE;
}

/* Empties a map whose values are owned objects. Their end runs no Python code. */
static void
forget_all(Map *map)
{
    for (size_t at = 0; map->entries != NULL && at <= map->mask; at++) {
        Py_XDECREF((PyObject *)map->entries[at].value);
        map->entries[at] = (MapEntry){NULL, NULL};
    }
    map->used = 0;
}

static PyObject *
Lines_end(Lines *self, PyObject *Py_UNUSED(nothing))
{
    forget_all(&self->snapshots);
    Piece_release(&self->texts);
    Piece_release(&self->details);
    Py_RETURN_NONE;
}

/* Fetches an attribute into a field; returns -1 with an exception set if there is none. */
static int
fetch(PyObject **field, PyObject *owner, const char *name)
{
    Py_XSETREF(*field, owner == NULL ? NULL : PyObject_GetAttrString(owner, name));
    return *field == NULL ? -1 : 0;
}

static PyObject *
Lines_new(PyTypeObject *kind, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(named))
{
    Lines *self = (Lines *)kind->tp_alloc(kind, 0);
    if (self != NULL && (Map_init(&self->facts) < 0 || Map_init(&self->snapshots) < 0)) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static int
Lines_init(Lines *self, PyObject *args, PyObject *Py_UNUSED(named))
{
    PyObject *lines, *texts, *details, *locations;
    if (!PyArg_ParseTuple(args, "OOOO", &lines, &texts, &details, &locations)) {
        return -1;
    }
    PyObject *fingerprints = PyImport_ImportModule("coroplay.probe.inspect.fingerprints");
    PyObject *values = PyImport_ImportModule("coroplay.probe.inspect.values");
    PyObject *operator = PyImport_ImportModule("operator");
    Py_XSETREF(self->name, Py_NewRef(Py_None));
    Py_XSETREF(self->hidden, PyList_New(0));
    int failed = fetch(&self->in_python, lines, "detail") < 0
                 || fetch(&self->forget, lines, "forget") < 0
                 || fetch(&self->locate, locations, "line") < 0
                 || fetch(&self->locate_call, locations, "call") < 0
                 || fetch(&self->short_, values, "short") < 0
                 || fetch(&self->fingerprint, fingerprints, "fingerprint") < 0
                 || fetch(&self->matches, fingerprints, "matches") < 0
                 || fetch(&self->no_fingerprint, fingerprints, "NO_FINGERPRINT") < 0
                 || fetch(&self->object_sort, fingerprints, "OBJECT") < 0
                 || fetch(&self->coroutine_sort, fingerprints, "COROUTINE") < 0
                 || fetch(&self->is, operator, "is_") < 0
                 || fetch(&self->texts.reserve, texts, "reserve") < 0
                 || fetch(&self->texts.add, texts, "add") < 0
                 || fetch(&self->details.reserve, details, "reserve") < 0
                 || self->hidden == NULL;
    Py_XDECREF(fingerprints);
    Py_XDECREF(values);
    Py_XDECREF(operator);
    return failed ? -1 : 0;
}

static void
Lines_dealloc(Lines *self)
{
    Piece_release(&self->texts);
    Piece_release(&self->details);
    forget_all(&self->facts);
    forget_all(&self->snapshots);
    Map_free(&self->facts);
    Map_free(&self->snapshots);
    PyObject *const fields[] = {
        self->in_python, self->forget, self->locate, self->locate_call, self->short_,
        self->fingerprint, self->matches, self->no_fingerprint, self->object_sort,
        self->coroutine_sort, self->is, self->hidden, self->name, self->texts.reserve,
        self->texts.add, self->details.reserve,
    };
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        Py_XDECREF(fields[i]);
    }
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef methods[] = {
    {"detail", (PyCFunction)(void (*)(void))Lines_detail, METH_FASTCALL,
     "Return the location of a line that is about to run, and the reference of its detail."},
    {"forget", (PyCFunction)Lines_forget, METH_O,
     "Drop what is known under the id of a frame that begins or ends."},
    {"end", (PyCFunction)Lines_end, METH_NOARGS, "Record no more lines."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"name", T_OBJECT, offsetof(Lines, name), 0, "Function that names a coroutine."},
    {"budget", T_LONGLONG, offsetof(Lines, budget), 0,
     "Number of lines that may still be recorded."},
    {NULL, 0, 0, 0, NULL},
};

PyTypeObject Lines_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.Lines",
    .tp_doc = "The details of lines, with what is known of the frames they are in.",
    .tp_basicsize = sizeof(Lines),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = Lines_new,
    .tp_init = (initproc)Lines_init,
    .tp_dealloc = (destructor)Lines_dealloc,
    .tp_methods = methods,
    .tp_members = members,
};
