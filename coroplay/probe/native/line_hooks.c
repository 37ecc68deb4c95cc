/* The fast path of a line: the twin of `Recorder.on_line` in coroplay/probe/recorder.py. */

#include "line_hooks.h"

#include "hidden.h"
#include "internals.h"

#include <structmember.h>

static PyObject *name_of_gevent;
static PyObject *modules;

/* Returns the state of the calling thread, borrowed; NULL if it is not known. */
static Thread *
this_thread(LineHooks *self)
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

/* Tells whether gevent has been imported and its spawns are not recorded yet. */
static int
gevent_is_new(const FastPath *shared)
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

/* Tells whether a host may want the program to pause at a line. */
static int
is_awaited(const LineHooks *self, int line)
{
    if (LineHooks_may_stop(self)) {
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
LineHooks_greenlet(LineHooks *self)
{
    FastPath *shared = self->fast_path;
    Thread *thread = this_thread(self);
    if (thread == NULL || !nothing_is_pending(shared, thread) || gevent_is_new(shared)
        || thread->greenlet == NULL || !Track_is_named(thread->greenlet)) {
        return NULL;
    }
    return thread->greenlet;
}

int
LineHooks_handle_error(LineHooks *self)
{
    if (pass_recursion_limit() == 0) {
        return 1;
    }
    PyObject *kind, *error, *trace;
    PyErr_Fetch(&kind, &error, &trace);
    PyErr_NormalizeException(&kind, &error, &trace);
    if (trace != NULL) {
        PyException_SetTraceback(error, trace);
    }
    PyObject *answer = PyObject_CallOneArg(self->fault, error);
    if (answer == NULL) {
        PyErr_Clear();
    }
    int is_the_programs = answer == Py_True;
    Py_XDECREF(answer);
    if (is_the_programs) {
        PyErr_Restore(kind, error, trace);
        return -1;
    }
    Py_XDECREF(kind);
    Py_XDECREF(error);
    Py_XDECREF(trace);
    return 1;
}

/* Writes a line step of a coroutine, which the caller holds; returns -1 with an exception set if it
   can't. */
static int
write_line(LineHooks *self, Track *track, PyFrameObject *frame, PyCodeObject *code, int line)
{
    Steps *steps = self->fast_path->steps;
    uint64_t time = Steps_time(steps);
    uint32_t location, detail;
    /* Making the detail may let other threads run, which may use up the room. */
    if (Lines_find(self->lines, frame, code, line, &location, &detail) < 0
        || Steps_reserve(steps) < 0) {
        return -1;
    }
    Steps_write(steps, track->id, detail, time, VERB_LINE);
    track->location = location;
    track->line = (uint32_t)steps->count;
    /* The reference takes the last line of the budget. */
    self->lines->budget -= self->lines->budget > 1;
    return 1;
}

int
LineHooks_on_line(LineHooks *self, PyFrameObject *frame, int line)
{
    Track *greenlet = LineHooks_greenlet(self);
    Track *track = greenlet == NULL ? NULL : Track_innermost(greenlet);
    if (track == NULL || self->lines->budget <= 1 || !Steps_has_room(self->fast_path->steps)
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
    return taken < 0 ? LineHooks_handle_error(self) : taken;
}

/* Tells whether code is that of a function, and not of a generator, a module, or a class. */
static int
is_plain_function(const PyCodeObject *code)
{
    return (code->co_flags & (CO_OPTIMIZED | CO_GENERATOR)) == CO_OPTIMIZED;
}

int
LineHooks_on_start(LineHooks *self, PyFrameObject *frame, PyCodeObject *code)
{
    if (!is_plain_function(code) || !Lines_knows(self->lines, code)) {
        return 0;
    }
    Lines_leave(self->lines, frame);
    Thread *thread = this_thread(self);
    return thread != NULL && thread->greenlet != NULL && Track_is_named(thread->greenlet);
}

/* Tells whether a function is called by another one of the person's own. */
static int
is_called_by_own(LineHooks *self, PyFrameObject *frame)
{
    InterpreterFrame *caller = caller_of(frame->f_frame);
    return caller != NULL && Lines_knows(self->lines, code_of(caller));
}

int
LineHooks_on_return(LineHooks *self, PyFrameObject *frame, PyCodeObject *code)
{
    if (!is_plain_function(code)) {
        return 0;
    }
    Lines_leave(self->lines, frame);
    return is_called_by_own(self, frame);
}

static int
LineHooks_init(LineHooks *self, PyObject *args, PyObject *Py_UNUSED(named))
{
    PyObject *fast_path, *lines, *threads, *frames, *none, *fault;
    if (!PyArg_ParseTuple(args, "O!O!O!O!O!O", &FastPath_Type, &fast_path, &Lines_Type, &lines,
                          &PyDict_Type, &threads, &PyDict_Type, &frames, &PyList_Type, &none,
                          &fault)) {
        return -1;
    }
    if (self->fast_path != NULL) {
        PyErr_SetString(PyExc_TypeError, "a LineHooks is initialised once");
        return -1;
    }
    self->fast_path = (FastPath *)Py_NewRef(fast_path);
    self->lines = (Lines *)Py_NewRef(lines);
    self->threads = Py_NewRef(threads);
    self->frames = Py_NewRef(frames);
    self->none = Py_NewRef(none);
    self->fault = Py_NewRef(fault);
    return 0;
}

static int
LineHooks_traverse(LineHooks *self, visitproc visit, void *arg)
{
    Py_VISIT(self->fast_path);
    Py_VISIT(self->lines);
    Py_VISIT(self->threads);
    Py_VISIT(self->frames);
    Py_VISIT(self->none);
    Py_VISIT(self->fault);
    return 0;
}

static void
LineHooks_dealloc(LineHooks *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->fast_path);
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
LineHooks_set_stops(LineHooks *self, PyObject *args)
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
LineHooks_learn_call(LineHooks *self, PyObject *frame)
{
    if (!PyFrame_Check(frame)) {
        PyErr_SetString(PyExc_TypeError, "only frames have calls under way");
        return NULL;
    }
    if (Facts_learn_call(self->lines, (PyFrameObject *)frame) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"set_stops", (PyCFunction)LineHooks_set_stops, METH_VARARGS,
     "Pass these lines on to the reference, or every line."},
    {"learn_call", (PyCFunction)LineHooks_learn_call, METH_O,
     "Remember the location of a frame's call, which resumes generators."},
#if PY_VERSION_HEX >= 0x030C0000
    {"at_line", (PyCFunction)LineHooks_at_line, METH_O, "Return the callback for lines."},
    {"at_jump", (PyCFunction)LineHooks_at_jump, METH_VARARGS,
     "Return the callback for jumps."},
    {"at_start", (PyCFunction)LineHooks_at_start, METH_O,
     "Return the callback for functions that start."},
    {"at_return", (PyCFunction)LineHooks_at_return, METH_O,
     "Return the callback for functions that return."},
    {"at_resume", (PyCFunction)LineHooks_at_resume, METH_O,
     "Return the callback for generators that are resumed."},
    {"at_yield", (PyCFunction)LineHooks_at_yield, METH_O,
     "Return the callback for generators that yield."},
#else
    {"tracer", (PyCFunction)LineHooks_tracer, METH_VARARGS,
     "Return a trace function."},
#endif
    {NULL, NULL, 0, NULL},
};

PyTypeObject LineHooks_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.LineHooks",
    .tp_doc = "The fast path of lines, and of functions that start and return.",
    .tp_basicsize = sizeof(LineHooks),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)LineHooks_init,
    .tp_dealloc = (destructor)LineHooks_dealloc,
    .tp_traverse = (traverseproc)LineHooks_traverse,
    .tp_methods = methods,
};

int
LineHooks_ready(void)
{
    name_of_gevent = PyUnicode_InternFromString("gevent.greenlet");
    modules = Py_XNewRef(PyImport_GetModuleDict());
    return name_of_gevent == NULL || modules == NULL ? -1 : Callbacks_ready();
}
