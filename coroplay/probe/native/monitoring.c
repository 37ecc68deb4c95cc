/* What sys.monitoring calls, on Python 3.12 and newer. */

#include "line_hooks.h"

#if PY_VERSION_HEX >= 0x030C0000

#include "internals.h"

#include <structmember.h>

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    LineHooks *hooks;
    PyObject *reference;
} Hook;

static PyObject *
go_on(PyObject *hook, int taken, PyObject *const *args, size_t flags, PyObject *names)
{
    if (taken != 0) {
        return taken < 0 ? NULL : Py_NewRef(Py_None);
    }
    return PyObject_Vectorcall(((Hook *)hook)->reference, args, flags, names);
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
        taken = LineHooks_line(((Hook *)hook)->hooks, frame, (int)PyLong_AsLong(args[1]));
    }
    return go_on(hook, taken, args, flags, names);
}

static PyObject *
function_begins(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    LineHooks *hooks = ((Hook *)hook)->hooks;
    /* Python remembers what greenlets begin with. Without lines, it says of any other function
       whether it wants to be told of it again. */
    int taken = frame != NULL && hooks->lines->budget > 0 && !is_outermost(frame)
                && LineHooks_begins(hooks, frame, (PyCodeObject *)args[0]);
    return go_on(hook, taken, args, flags, names);
}

static PyObject *
function_ends(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = frame != NULL
                && LineHooks_ends(((Hook *)hook)->hooks, frame, (PyCodeObject *)args[0]);
    return go_on(hook, taken, args, flags, names);
}

static PyObject *
generator_goes_on(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = frame == NULL ? 0 : LineHooks_resumes(((Hook *)hook)->hooks, frame);
    return go_on(hook, taken, args, flags, names);
}

static PyObject *
generator_yields(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = 0;
    if (frame != NULL && PyVectorcall_NARGS(flags) == 3) {
        PyCodeObject *code = (PyCodeObject *)args[0];
        taken = LineHooks_yields(((Hook *)hook)->hooks, frame, code, args[2]);
    }
    return go_on(hook, taken, args, flags, names);
}

static int
Hook_traverse(Hook *self, visitproc visit, void *arg)
{
    Py_VISIT(self->hooks);
    Py_VISIT(self->reference);
    return 0;
}

static void
Hook_dealloc(Hook *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->hooks);
    Py_CLEAR(self->reference);
    PyObject_GC_Del(self);
}

static PyTypeObject Hook_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.LineHook",
    .tp_doc = "What sys.monitoring calls at one kind of event.",
    .tp_basicsize = sizeof(Hook),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(Hook, call),
    .tp_call = PyVectorcall_Call,
    .tp_dealloc = (destructor)Hook_dealloc,
    .tp_traverse = (traverseproc)Hook_traverse,
};

static PyObject *
new_hook(LineHooks *self, PyObject *reference, vectorcallfunc call)
{
    Hook *hook = PyObject_GC_New(Hook, &Hook_Type);
    if (hook == NULL) {
        return NULL;
    }
    hook->call = call;
    hook->hooks = (LineHooks *)Py_NewRef(self);
    hook->reference = Py_NewRef(reference);
    PyObject_GC_Track(hook);
    return (PyObject *)hook;
}

PyObject *
LineHooks_at_line(LineHooks *self, PyObject *reference)
{
    return new_hook(self, reference, line_runs);
}

PyObject *
LineHooks_at_start(LineHooks *self, PyObject *reference)
{
    return new_hook(self, reference, function_begins);
}

PyObject *
LineHooks_at_return(LineHooks *self, PyObject *reference)
{
    return new_hook(self, reference, function_ends);
}

PyObject *
LineHooks_at_resume(LineHooks *self, PyObject *reference)
{
    return new_hook(self, reference, generator_goes_on);
}

PyObject *
LineHooks_at_yield(LineHooks *self, PyObject *reference)
{
    return new_hook(self, reference, generator_yields);
}

int
Calling_ready(void)
{
    return PyType_Ready(&Hook_Type);
}

#endif
