/* The variables of a frame that changed: the twin of coroplay/probe/inspect/snapshots.py, and of
   fingerprints.py and frames.py beside it. */

#include "internals.h"
#include "lines.h"

#define LARGE 1000000000000000000LL

/* Tells whether a value is a whole number that C shows itself, and finds the number. */
static int
is_small_number(PyObject *value, long long *number)
{
    if (!PyLong_CheckExact(value)) {
        return 0;
    }
    int overflow;
    *number = PyLong_AsLongLongAndOverflow(value, &overflow);
    return overflow == 0 && -LARGE < *number && *number < LARGE;
}

static int
ask(PyObject *function, PyObject *taken, PyObject *value)
{
    PyObject *answer = PyObject_CallFunctionObjArgs(function, taken, value, NULL);
    if (answer == NULL) {
        return -1;
    }
    int is_true = answer == Py_True;
    Py_DECREF(answer);
    return is_true;
}

static PyObject *
referent(PyObject *reference)
{
    return ((PyWeakReference *)reference)->wr_object;
}

static int
is_same_object(Lines *self, PyObject *taken, PyObject *value)
{
    PyTypeObject *kind = Py_TYPE(value);
    if (referent(PyTuple_GET_ITEM(taken, 1)) != (PyObject *)kind) {
        return 0;
    }
    if (!PyType_HasFeature(kind, Py_TPFLAGS_HEAPTYPE)
        || ((PyHeapTypeObject *)kind)->ht_name == PyTuple_GET_ITEM(taken, 2)) {
        return 1;
    }
    return ask(self->matches, taken, value);
}

static int
is_same_sequence(Lines *self, PyObject *taken, PyObject *value)
{
    PyObject *parts = PyTuple_GET_ITEM(taken, 3);
    Py_ssize_t count = PyTuple_GET_SIZE(parts);
    int more = PyTuple_GET_ITEM(taken, 1) == Py_True;
    if (more ? Py_SIZE(value) <= MOST_ITEMS : Py_SIZE(value) != count) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        /* Asking may let other threads run, which may shorten a list. */
        if (i >= Py_SIZE(value)) {
            return 0;
        }
        PyObject *item = PyList_Check(value) ? PyList_GET_ITEM(value, i)
                                             : PyTuple_GET_ITEM(value, i);
        if (PyTuple_GET_ITEM(parts, i) == item) {
            continue;
        }
        Py_INCREF(item);
        int same = matches(self, PyTuple_GET_ITEM(parts, i), item);
        Py_DECREF(item);
        if (same <= 0) {
            return same;
        }
    }
    return 1;
}

/* Compares a dict of plain values, which takes no Python; the reference compares all others. */
static int
is_same_dict(PyObject *taken, PyObject *value)
{
    PyObject *parts = PyTuple_GET_ITEM(taken, 3), *key, *item;
    Py_ssize_t at = 0, seen = 0, count = PyTuple_GET_SIZE(parts);
    int more = PyTuple_GET_ITEM(taken, 1) == Py_True;
    if (more ? PyDict_GET_SIZE(value) <= MOST_ITEMS : 2 * PyDict_GET_SIZE(value) != count) {
        return 0;
    }
    while (seen < count && PyDict_Next(value, &at, &key, &item)) {
        if (PyTuple_GET_ITEM(parts, seen) != key || PyTuple_GET_ITEM(parts, seen + 1) != item) {
            return 0;
        }
        seen += 2;
    }
    return seen == count;
}

int
matches(Lines *self, PyObject *taken, PyObject *value)
{
    if (taken == value) {
        return 1;
    }
    if (!PyTuple_CheckExact(taken)) {
        return 0;
    }
    PyObject *sort = PyTuple_GET_ITEM(taken, 0);
    if (sort == self->object_sort) {
        return is_same_object(self, taken, value);
    }
    if (sort == self->coroutine_sort) {
        /* The weak reference to a coroutine that is gone refers to None. */
        return value != Py_None && referent(PyTuple_GET_ITEM(taken, 1)) == value;
    }
    if (sort != (PyObject *)Py_TYPE(value)) {
        return 0;
    }
    if (PyTuple_GET_SIZE(taken) == 1) {
        return 1;
    }
    if (PyList_CheckExact(value) || PyTuple_CheckExact(value)) {
        return is_same_sequence(self, taken, value);
    }
    if (PyDict_CheckExact(value) && PyTuple_GET_ITEM(taken, 2) == self->is) {
        return is_same_dict(taken, value);
    }
    return ask(self->matches, taken, value);
}

/* Returns a value in short; values whose representation is short take no Python. */
static PyObject *
in_short(Lines *self, PyObject *value)
{
    if (value == Py_None || PyBool_Check(value) || PyFloat_CheckExact(value)
        || (PyUnicode_CheckExact(value) && PyUnicode_GET_LENGTH(value) <= LONGEST_TEXT)) {
        return PyObject_Repr(value);
    }
    return PyObject_CallFunctionObjArgs(self->short_, value, self->name, NULL);
}

int
Text_add_value(Lines *self, Text *text, PyObject *value)
{
    long long number;
    if (is_small_number(value, &number)) {
        return Text_add_number(text, value);
    }
    PyObject *shown = in_short(self, value);
    int failed = shown == NULL ? -1 : Text_add_object(text, shown);
    Py_XDECREF(shown);
    return failed;
}

/* Tells whether a value is its own fingerprint. */
static int
is_kept(PyObject *value)
{
    if (PyUnicode_CheckExact(value)) {
        return PyUnicode_GET_LENGTH(value) <= LONGEST_KEPT;
    }
    if (PyBytes_CheckExact(value)) {
        return PyBytes_GET_SIZE(value) <= LONGEST_KEPT;
    }
    return value == Py_None || PyBool_Check(value) || PyLong_CheckExact(value)
           || PyFloat_CheckExact(value);
}

/* Tells whether a variable has that text already. */
static int
is_shown_so(const Variable *variable, PyObject *text)
{
    if (variable->shown != NULL) {
        return PyUnicode_Compare(variable->shown, text) == 0 && !PyErr_Occurred();
    }
    long long number;
    if (variable->fingerprint == NULL || !is_small_number(variable->fingerprint, &number)) {
        return 0;
    }
    PyObject *shown = PyObject_Repr(variable->fingerprint);
    int same = shown != NULL && PyUnicode_Compare(shown, text) == 0;
    Py_XDECREF(shown);
    return same;
}

/* Updates a variable, whose new value is no whole number that C shows itself; tells whether the
   text changed. */
static int
show(Lines *self, Variable *variable, PyObject *name, PyObject *value)
{
    if (variable->fingerprint == NULL && !PyUnicode_IsIdentifier(name)) {
        variable->fingerprint = Py_NewRef(self->hidden);
        return 0;
    }
    PyObject *text = in_short(self, value);
    if (text == NULL) {
        return -1;
    }
    int changed = !is_shown_so(variable, text);
    PyObject *taken;
    if (is_kept(value)) {
        taken = Py_NewRef(value);
    }
    else if (changed) {
        taken = Py_NewRef(self->no_fingerprint);  /* taken when the text is first found unchanged */
    }
    else {
        taken = PyObject_CallFunctionObjArgs(self->fingerprint, value, self->name, NULL);
    }
    if (taken == NULL) {
        Py_DECREF(text);
        return -1;
    }
    Py_XSETREF(variable->fingerprint, taken);
    Py_XSETREF(variable->shown, text);
    return changed;
}

/* Tells whether a variable changed since the frame's last line, and updates it. */
static int
compare(Lines *self, Variable *variable, PyObject *name, PyObject *value)
{
    PyObject *taken = variable->fingerprint;
    long long number, before;
    if (taken != NULL) {
        if (taken == self->hidden) {
            return 0;
        }
        int same = matches(self, taken, value);
        if (same != 0) {
            return same < 0 ? -1 : 0;
        }
    }
    if (!is_small_number(value, &number) || (taken == NULL && !PyUnicode_IsIdentifier(name))) {
        return show(self, variable, name, value);
    }
    int changed = taken == NULL || !is_small_number(taken, &before) || before != number;
    Py_XSETREF(variable->fingerprint, Py_NewRef(value));
    Py_CLEAR(variable->shown);
    return changed;
}

static PyObject *
value_of(PyObject *local, char kind)
{
    return local != NULL && ((unsigned char)kind & (CO_FAST_CELL | CO_FAST_FREE)) && PyCell_Check(local)
               ? PyCell_GET(local)
               : local;
}

/* Adds the variables that had a value and have none now, as gone. */
static int
find_gone(Lines *self, Snapshot *snapshot, PyFrameObject *frame, const char *kinds, Text *changed)
{
    for (Py_ssize_t i = 0; i < Py_SIZE(snapshot); i++) {
        Variable *variable = &snapshot->variables[i];
        if (variable->fingerprint == NULL || value_of(variable_of(frame, i), kinds[i]) != NULL) {
            continue;
        }
        int shown = variable->fingerprint != self->hidden;
        Py_CLEAR(variable->fingerprint);
        Py_CLEAR(variable->shown);
        PyObject *name = PyTuple_GET_ITEM(snapshot->facts->code->co_localsplusnames, i);
        if (shown && Text_add_variable(changed, name, variable) < 0) {
            return -1;
        }
    }
    return 0;
}

int
find_changes(Lines *self, Snapshot *snapshot, PyFrameObject *frame, Text *changed)
{
    PyCodeObject *code = snapshot->facts->code;
    const char *kinds = PyBytes_AS_STRING(code->co_localspluskinds);
    int gone = 0;
    for (Py_ssize_t i = 0; i < Py_SIZE(snapshot); i++) {
        Variable *variable = &snapshot->variables[i];
        PyObject *value = value_of(variable_of(frame, i), kinds[i]);
        if (value == variable->fingerprint) {
            continue;
        }
        if (value == NULL) {
            gone = 1;
            continue;
        }
        PyObject *name = PyTuple_GET_ITEM(code->co_localsplusnames, i);
        Py_INCREF(value);
        int differs = compare(self, variable, name, value);
        Py_DECREF(value);
        if (differs < 0 || (differs && Text_add_variable(changed, name, variable) < 0)) {
            return -1;
        }
    }
    return gone ? find_gone(self, snapshot, frame, kinds, changed) : 0;
}

/* Reads a frame's variables without `f_locals`: up to Python 3.12 the frame keeps the dict that it
   makes, in which objects that the program drops would live on. */
PyObject *
read_variables(PyObject *Py_UNUSED(module), PyObject *argument)
{
    if (!PyFrame_Check(argument)) {
        PyErr_SetString(PyExc_TypeError, "only frames have variables");
        return NULL;
    }
    PyFrameObject *frame = (PyFrameObject *)argument;
    PyCodeObject *code = PyFrame_GetCode(frame);
    PyObject *found = PyDict_New();
    const char *kinds = PyBytes_AS_STRING(code->co_localspluskinds);
    for (Py_ssize_t i = 0; found != NULL && i < code->co_nlocalsplus; i++) {
        PyObject *value = value_of(variable_of(frame, i), kinds[i]);
        PyObject *name = PyTuple_GET_ITEM(code->co_localsplusnames, i);
        if (value != NULL && PyDict_SetItem(found, name, value) < 0) {
            Py_CLEAR(found);
        }
    }
    Py_DECREF(code);
    return found;
}
