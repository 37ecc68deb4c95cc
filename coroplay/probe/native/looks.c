/* Finding out which variables of a frame changed, as coroplay/probe/frames.py and looks.py do. */

#include "insides.h"
#include "lines.h"

#define MOST_ITEMS 8
#define SHORT_TEXT 60
#define LONGEST_KEPT 256
#define LARGE 1000000000000000000LL

/* Whether both are whole numbers that are shown in full, and the value of the second. */
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
ask(PyObject *function, PyObject *look, PyObject *value)
{
    PyObject *answer = PyObject_CallFunctionObjArgs(function, look, value, NULL);
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
is_same_object(Lines *self, PyObject *look, PyObject *value)
{
    PyTypeObject *kind = Py_TYPE(value);
    if (referent(PyTuple_GET_ITEM(look, 1)) != (PyObject *)kind) {
        return 0;
    }
    if (!PyType_HasFeature(kind, Py_TPFLAGS_HEAPTYPE)
        || ((PyHeapTypeObject *)kind)->ht_name == PyTuple_GET_ITEM(look, 2)) {
        return 1;
    }
    return ask(self->is_as_before, look, value);
}

static int
is_same_sequence(Lines *self, PyObject *look, PyObject *value)
{
    PyObject *looks = PyTuple_GET_ITEM(look, 3);
    Py_ssize_t count = PyTuple_GET_SIZE(looks);
    int more = PyTuple_GET_ITEM(look, 1) == Py_True;
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
        if (PyTuple_GET_ITEM(looks, i) == item) {
            continue;
        }
        Py_INCREF(item);
        int same = is_as_before(self, PyTuple_GET_ITEM(looks, i), item);
        Py_DECREF(item);
        if (same <= 0) {
            return same;
        }
    }
    return 1;
}

/* Only for a dict of plain values, where nobody is asked anything: Python does all others. */
static int
is_same_dict(PyObject *look, PyObject *value)
{
    PyObject *looks = PyTuple_GET_ITEM(look, 3), *key, *item;
    Py_ssize_t at = 0, seen = 0, count = PyTuple_GET_SIZE(looks);
    int more = PyTuple_GET_ITEM(look, 1) == Py_True;
    if (more ? PyDict_GET_SIZE(value) <= MOST_ITEMS : 2 * PyDict_GET_SIZE(value) != count) {
        return 0;
    }
    while (seen < count && PyDict_Next(value, &at, &key, &item)) {
        if (PyTuple_GET_ITEM(looks, seen) != key || PyTuple_GET_ITEM(looks, seen + 1) != item) {
            return 0;
        }
        seen += 2;
    }
    return seen == count;
}

int
is_as_before(Lines *self, PyObject *look, PyObject *value)
{
    if (look == value) {
        return 1;
    }
    if (!PyTuple_CheckExact(look)) {
        return 0;
    }
    PyObject *sort = PyTuple_GET_ITEM(look, 0);
    if (sort == self->object_sort) {
        return is_same_object(self, look, value);
    }
    if (sort == self->coroutine_sort) {
        return referent(PyTuple_GET_ITEM(look, 1)) == value;
    }
    if (sort != (PyObject *)Py_TYPE(value)) {
        return 0;
    }
    if (PyTuple_GET_SIZE(look) == 1) {
        return 1;
    }
    if (PyList_CheckExact(value) || PyTuple_CheckExact(value)) {
        return is_same_sequence(self, look, value);
    }
    if (PyDict_CheckExact(value) && PyTuple_GET_ITEM(look, 2) == self->is) {
        return is_same_dict(look, value);
    }
    return ask(self->is_as_before, look, value);
}

/* A value in short: the built-in types that show themselves as a person writes them, in C. */
static PyObject *
in_short(Lines *self, PyObject *value)
{
    if (value == Py_None || PyBool_Check(value) || PyFloat_CheckExact(value)
        || (PyUnicode_CheckExact(value) && PyUnicode_GET_LENGTH(value) <= SHORT_TEXT)) {
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

/* Whether a value is its own look. */
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

/* Whether that is how a variable is shown already. */
static int
is_shown_so(const Variable *variable, PyObject *text)
{
    if (variable->shown != NULL) {
        return PyUnicode_Compare(variable->shown, text) == 0 && !PyErr_Occurred();
    }
    long long number;
    if (variable->look == NULL || !is_small_number(variable->look, &number)) {
        return 0;
    }
    PyObject *shown = PyObject_Repr(variable->look);
    int same = shown != NULL && PyUnicode_Compare(shown, text) == 0;
    Py_XDECREF(shown);
    return same;
}

/* Whether the variable changed; it is shown by other means than those for whole numbers. */
static int
show(Lines *self, Variable *variable, PyObject *name, PyObject *value)
{
    if (variable->look == NULL && !PyUnicode_IsIdentifier(name)) {
        variable->look = Py_NewRef(self->hidden);
        return 0;
    }
    PyObject *text = in_short(self, value);
    if (text == NULL) {
        return -1;
    }
    int changed = !is_shown_so(variable, text);
    PyObject *look;
    if (is_kept(value)) {
        look = Py_NewRef(value);
    }
    else if (changed) {
        look = Py_NewRef(self->no_look);  /* it is looked at when it is found unchanged */
    }
    else {
        look = PyObject_CallFunctionObjArgs(self->look_at, value, self->name, NULL);
    }
    if (look == NULL) {
        Py_DECREF(text);
        return -1;
    }
    Py_XSETREF(variable->look, look);
    Py_XSETREF(variable->shown, text);
    return changed;
}

/* Whether the variable changed since the frame's last line; what is known of it is then new. */
static int
look_again(Lines *self, Variable *variable, PyObject *name, PyObject *value)
{
    PyObject *look = variable->look;
    long long number, before;
    if (look != NULL) {
        if (look == self->hidden) {
            return 0;
        }
        int same = is_as_before(self, look, value);
        if (same != 0) {
            return same < 0 ? -1 : 0;
        }
    }
    if (!is_small_number(value, &number) || (look == NULL && !PyUnicode_IsIdentifier(name))) {
        return show(self, variable, name, value);
    }
    int changed = look == NULL || !is_small_number(look, &before) || before != number;
    Py_XSETREF(variable->look, Py_NewRef(value));
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

/* Writes of the variables that had a value, and have none now, that they are gone. */
static int
find_gone(Lines *self, Snapshot *snapshot, PyObject **locals, const char *kinds, Text *changed)
{
    for (Py_ssize_t i = 0; i < Py_SIZE(snapshot); i++) {
        Variable *variable = &snapshot->variables[i];
        if (variable->look == NULL || value_of(locals[i], kinds[i]) != NULL) {
            continue;
        }
        int told = variable->look != self->hidden;
        Py_CLEAR(variable->look);
        Py_CLEAR(variable->shown);
        PyObject *name = PyTuple_GET_ITEM(snapshot->facts->code->co_localsplusnames, i);
        if (told && Text_add_variable(changed, name, variable) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Writes the variables of a function's frame that changed, as a recording has them. */
int
find_changes(Lines *self, Snapshot *snapshot, PyFrameObject *frame, Text *changed)
{
    PyCodeObject *code = snapshot->facts->code;
    const char *kinds = PyBytes_AS_STRING(code->co_localspluskinds);
    PyObject **locals = variables_of(frame);
    int gone = 0;
    for (Py_ssize_t i = 0; i < Py_SIZE(snapshot); i++) {
        Variable *variable = &snapshot->variables[i];
        PyObject *value = value_of(locals[i], kinds[i]);
        if (value == variable->look) {
            continue;
        }
        if (value == NULL) {
            gone = 1;
            continue;
        }
        PyObject *name = PyTuple_GET_ITEM(code->co_localsplusnames, i);
        Py_INCREF(value);
        int differs = look_again(self, variable, name, value);
        Py_DECREF(value);
        if (differs < 0 || (differs && Text_add_variable(changed, name, variable) < 0)) {
            return -1;
        }
    }
    return gone ? find_gone(self, snapshot, locals, kinds, changed) : 0;
}

/* The variables of a function's frame. Its `f_locals` would not do: up to Python 3.12 the frame keeps
   the dict that it makes, and whatever the program drops lives on in it. */
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
        PyObject *value = value_of(variables_of(frame)[i], kinds[i]);
        PyObject *name = PyTuple_GET_ITEM(code->co_localsplusnames, i);
        if (value != NULL && PyDict_SetItem(found, name, value) < 0) {
            Py_CLEAR(found);
        }
    }
    Py_DECREF(code);
    return found;
}
