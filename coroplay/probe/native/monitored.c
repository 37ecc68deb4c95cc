/* What sys.monitoring calls, on Python 3.12 and newer. */

#include "watcher.h"

#if PY_VERSION_HEX >= 0x030C0000

#include "insides.h"

#include <structmember.h>

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    Watcher *watcher;
    PyObject *long_way;
} Hook;

static PyObject *
go_on(PyObject *hook, int taken, PyObject *const *args, size_t flags, PyObject *names)
{
    if (taken != 0) {
        return taken < 0 ? NULL : Py_NewRef(Py_None);
    }
    return PyObject_Vectorcall(((Hook *)hook)->long_way, args, flags, names);
}

/* The frame that runs, borrowed, for a call with the code it is of; NULL for any other call. */
static PyFrameObject *
frame_of(PyObject *const *args, size_t flags)
{
    return PyVectorcall_NARGS(flags) >= 2 && PyCode_Check(args[0]) ? PyEval_GetFrame() : NULL;
}

static PyObject *
line_runs(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = 0;
    if (frame != NULL && PyLong_CheckExact(args[1])) {
        taken = Watcher_line(((Hook *)hook)->watcher, frame, (int)PyLong_AsLong(args[1]));
    }
    return go_on(hook, taken, args, flags, names);
}

static PyObject *
function_begins(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    Watcher *watcher = ((Hook *)hook)->watcher;
    /* Python remembers what greenlets begin with. Without lines, it says of any other function
       whether it wants to be told of it again. */
    int taken = frame != NULL && watcher->lines->budget > 0 && !is_outermost(frame)
                && Watcher_begins(watcher, frame, (PyCodeObject *)args[0]);
    return go_on(hook, taken, args, flags, names);
}

static PyObject *
function_ends(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = frame != NULL
                && Watcher_ends(((Hook *)hook)->watcher, frame, (PyCodeObject *)args[0]);
    return go_on(hook, taken, args, flags, names);
}

static PyObject *
generator_goes_on(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = frame == NULL ? 0 : Watcher_resumes(((Hook *)hook)->watcher, frame);
    return go_on(hook, taken, args, flags, names);
}

static PyObject *
generator_yields(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = 0;
    if (frame != NULL && PyVectorcall_NARGS(flags) == 3) {
        PyCodeObject *code = (PyCodeObject *)args[0];
        taken = Watcher_yields(((Hook *)hook)->watcher, frame, code, args[2]);
    }
    return go_on(hook, taken, args, flags, names);
}

static int
Hook_traverse(Hook *self, visitproc visit, void *arg)
{
    Py_VISIT(self->watcher);
    Py_VISIT(self->long_way);
    return 0;
}

static void
Hook_dealloc(Hook *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->watcher);
    Py_CLEAR(self->long_way);
    PyObject_GC_Del(self);
}

static PyTypeObject Hook_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe._accelerator.LineHook",
    .tp_doc = "What sys.monitoring calls at one kind of event.",
    .tp_basicsize = sizeof(Hook),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(Hook, call),
    .tp_call = PyVectorcall_Call,
    .tp_dealloc = (destructor)Hook_dealloc,
    .tp_traverse = (traverseproc)Hook_traverse,
};

static PyObject *
new_hook(Watcher *self, PyObject *long_way, vectorcallfunc call)
{
    Hook *hook = PyObject_GC_New(Hook, &Hook_Type);
    if (hook == NULL) {
        return NULL;
    }
    hook->call = call;
    hook->watcher = (Watcher *)Py_NewRef(self);
    hook->long_way = Py_NewRef(long_way);
    PyObject_GC_Track(hook);
    return (PyObject *)hook;
}

PyObject *
Watcher_at_line(Watcher *self, PyObject *long_way)
{
    return new_hook(self, long_way, line_runs);
}

PyObject *
Watcher_at_start(Watcher *self, PyObject *long_way)
{
    return new_hook(self, long_way, function_begins);
}

PyObject *
Watcher_at_return(Watcher *self, PyObject *long_way)
{
    return new_hook(self, long_way, function_ends);
}

PyObject *
Watcher_at_resume(Watcher *self, PyObject *long_way)
{
    return new_hook(self, long_way, generator_goes_on);
}

PyObject *
Watcher_at_yield(Watcher *self, PyObject *long_way)
{
    return new_hook(self, long_way, generator_yields);
}

int
Calling_ready(void)
{
    return PyType_Ready(&Hook_Type);
}

#endif
