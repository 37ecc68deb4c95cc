#include "watcher.h"

#include "insides.h"

#include <structmember.h>

/* As in coroplay/trace/layout.py. */
#define VERB_LINE 2

static PyObject *name_of_gevent;
static PyObject *modules;

/* What is known of the calling thread, borrowed; NULL if it is not known. */
static Thread *
this_thread(Watcher *self)
{
    unsigned long ident = PyThread_get_thread_ident();
    if (self->key == NULL || ident != self->ident) {
        PyObject *key = PyLong_FromUnsignedLong(ident);
        if (key == NULL) {
            PyErr_Clear();
            return NULL;
        }
        Py_XSETREF(self->key, key);
        self->ident = ident;
    }
    PyObject *found = PyDict_GetItemWithError(self->threads, self->key);
    if (found == NULL || !PyObject_TypeCheck(found, &Thread_Type)) {
        PyErr_Clear();
        return NULL;
    }
    return (Thread *)found;
}

/* Whether gevent has been imported, and nobody has seen to it so far. */
static int
gevent_is_new(const Shortcut *shared)
{
    if (shared->gevent_found) {
        return 0;
    }
    int found = PyDict_Contains(modules, name_of_gevent);
    if (found < 0) {
        PyErr_Clear();
    }
    return found != 0;
}

/* Whether a host may want the program to stand still at a line. */
static int
is_awaited(const Watcher *self, int line)
{
    if (Watcher_may_stop(self)) {
        return 1;
    }
    if (self->awaited == NULL || PySet_GET_SIZE(self->awaited) == 0) {
        return 0;
    }
    PyObject *number = PyLong_FromLong(line);
    int found = number == NULL ? -1 : PySet_Contains(self->awaited, number);
    Py_XDECREF(number);
    if (found < 0) {
        PyErr_Clear();
    }
    return found != 0;
}

Track *
Watcher_greenlet(Watcher *self)
{
    Shortcut *shared = self->shortcut;
    Thread *thread = this_thread(self);
    if (thread == NULL || !nothing_new(shared, thread) || gevent_is_new(shared)
        || thread->greenlet == NULL || !Track_is_named(thread->greenlet)) {
        return NULL;
    }
    return thread->greenlet;
}

int
Watcher_fail(Watcher *self)
{
    if (PyErr_ExceptionMatches(PyExc_RecursionError)) {
        /* The program is at its limit, which is its own business: the step is lost. */
        PyErr_Clear();
        return 1;
    }
    PyObject *kind, *error, *trace;
    PyErr_Fetch(&kind, &error, &trace);
    PyErr_NormalizeException(&kind, &error, &trace);
    if (trace != NULL) {
        PyException_SetTraceback(error, trace);
    }
    PyObject *goes_on = PyObject_CallOneArg(self->fault, error);
    if (goes_on == NULL) {
        PyErr_Clear();
    }
    int is_the_programs = goes_on == Py_True;
    Py_XDECREF(goes_on);
    if (is_the_programs) {
        PyErr_Restore(kind, error, trace);
        return -1;
    }
    Py_XDECREF(kind);
    Py_XDECREF(error);
    Py_XDECREF(trace);
    return 1;
}

/* Writes the line of who runs, who is held meanwhile; -1 with an exception set. */
static int
write_line(Watcher *self, Track *track, PyFrameObject *frame, PyCodeObject *code, int line)
{
    Steps *steps = self->shortcut->steps;
    uint64_t time = Steps_time(steps);
    uint32_t location, detail;
    /* Making the detail may let other threads run, which may use up what room there is. */
    if (Lines_find(self->lines, frame, code, line, &location, &detail) < 0
        || Steps_reserve(steps) < 0) {
        return -1;
    }
    Steps_write(steps, track->id, detail, time, VERB_LINE);
    track->place = location;
    track->line = (uint32_t)steps->count;
    /* The last of them is not taken here. */
    self->lines->budget -= self->lines->budget > 1;
    return 1;
}

int
Watcher_line(Watcher *self, PyFrameObject *frame, int line)
{
    Track *greenlet = Watcher_greenlet(self);
    Track *track = greenlet == NULL ? NULL : Track_innermost(greenlet);
    if (track == NULL || self->lines->budget <= 1 || !Steps_has_room(self->shortcut->steps)
        || is_awaited(self, line)) {
        return 0;
    }
    int taken = 0;
    PyCodeObject *code = PyFrame_GetCode(frame);
    if (code->co_flags & CO_OPTIMIZED) {
        Py_INCREF(track);
        taken = write_line(self, track, frame, code, line);
        Py_DECREF(track);
    }
    Py_DECREF(code);
    return taken < 0 ? Watcher_fail(self) : taken;
}

/* Whether code is that of a function, and not of a generator, a module, or the body of a class. */
static int
is_plain_function(const PyCodeObject *code)
{
    return (code->co_flags & (CO_OPTIMIZED | CO_GENERATOR)) == CO_OPTIMIZED;
}

int
Watcher_begins(Watcher *self, PyFrameObject *frame, PyCodeObject *code)
{
    if (!is_plain_function(code) || !Lines_knows(self->lines, code)) {
        return 0;
    }
    Lines_leave(self->lines, frame);
    Thread *thread = this_thread(self);
    return thread != NULL && thread->greenlet != NULL && Track_is_named(thread->greenlet);
}

int
Watcher_ends(Watcher *self, PyFrameObject *frame, PyCodeObject *code)
{
    if (!is_plain_function(code)) {
        return 0;
    }
    Lines_leave(self->lines, frame);
    return !is_outermost(frame);
}

static int
Watcher_init(Watcher *self, PyObject *args, PyObject *Py_UNUSED(named))
{
    PyObject *shortcut, *lines, *threads, *frames, *none, *fault;
    if (!PyArg_ParseTuple(args, "O!O!O!O!O!O", &Shortcut_Type, &shortcut, &Lines_Type, &lines,
                          &PyDict_Type, &threads, &PyDict_Type, &frames, &PyList_Type, &none,
                          &fault)) {
        return -1;
    }
    if (self->shortcut != NULL) {
        PyErr_SetString(PyExc_TypeError, "it is made once");
        return -1;
    }
    self->shortcut = (Shortcut *)Py_NewRef(shortcut);
    self->lines = (Lines *)Py_NewRef(lines);
    self->threads = Py_NewRef(threads);
    self->frames = Py_NewRef(frames);
    self->none = Py_NewRef(none);
    self->fault = Py_NewRef(fault);
    return 0;
}

static int
Watcher_traverse(Watcher *self, visitproc visit, void *arg)
{
    Py_VISIT(self->shortcut);
    Py_VISIT(self->lines);
    Py_VISIT(self->threads);
    Py_VISIT(self->frames);
    Py_VISIT(self->none);
    Py_VISIT(self->fault);
    return 0;
}

static void
Watcher_dealloc(Watcher *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->shortcut);
    Py_XDECREF(self->lines);
    Py_XDECREF(self->threads);
    Py_XDECREF(self->frames);
    Py_XDECREF(self->none);
    Py_XDECREF(self->fault);
    Py_XDECREF(self->key);
    Py_XDECREF(self->awaited);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *
Watcher_wait_for(Watcher *self, PyObject *args)
{
    PyObject *lines;
    int stops;
    if (!PyArg_ParseTuple(args, "O!p", &PyFrozenSet_Type, &lines, &stops)) {
        return NULL;
    }
    self->stops = (char)stops;
    Py_XSETREF(self->awaited, Py_NewRef(lines));
    Py_RETURN_NONE;
}

static PyObject *
Watcher_goes_on(Watcher *self, PyObject *args)
{
    PyFrameObject *frame;
    unsigned char verb;
    if (!PyArg_ParseTuple(args, "O!b", &PyFrame_Type, &frame, &verb)
        || Facts_learn_verb(self->lines, frame, verb) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* What the hooks can't do goes the long way that is given to them. */
static PyMethodDef methods[] = {
    {"wait_for", (PyCFunction)Watcher_wait_for, METH_VARARGS,
     "The lines at which a host may want to stop, and whether it may at any."},
    {"goes_on", (PyCFunction)Watcher_goes_on, METH_VARARGS,
     "What a frame has under way makes generators go on, by that verb."},
#if PY_VERSION_HEX >= 0x030C0000
    {"at_line", (PyCFunction)Watcher_at_line, METH_O, "What sys.monitoring is to call at a line."},
    {"at_start", (PyCFunction)Watcher_at_start, METH_O, "And where a function begins."},
    {"at_return", (PyCFunction)Watcher_at_return, METH_O, "And where it returns."},
    {"at_resume", (PyCFunction)Watcher_at_resume, METH_O, "And where a generator goes on."},
    {"at_yield", (PyCFunction)Watcher_at_yield, METH_O, "And where it hands a value back."},
#else
    {"tracer", (PyCFunction)Watcher_tracer, METH_VARARGS,
     "What the interpreter is to call in the threads that it is installed in."},
#endif
    {NULL, NULL, 0, NULL},
};

PyTypeObject Watcher_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe._accelerator.Watcher",
    .tp_doc = "The short way of lines, and of functions that begin and end.",
    .tp_basicsize = sizeof(Watcher),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)Watcher_init,
    .tp_dealloc = (destructor)Watcher_dealloc,
    .tp_traverse = (traverseproc)Watcher_traverse,
    .tp_methods = methods,
};

int
Watcher_ready(void)
{
    name_of_gevent = PyUnicode_InternFromString("gevent.greenlet");
    modules = Py_XNewRef(PyImport_GetModuleDict());
    return name_of_gevent == NULL || modules == NULL ? -1 : Calling_ready();
}
