/* The functions that sys.monitoring calls, on Python 3.12 and newer: the twin of
   coroplay/probe/hooks/monitoring.py. */

#include "line_hooks.h"

#if PY_VERSION_HEX >= 0x030C0000

#include "internals.h"

#include <structmember.h>

/* The callback for one kind of event. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    LineHooks *hooks;
    PyObject *reference;
    PyObject *passes; /* for jumps: a dict from the ids of code to dicts from offsets to lines */
} CodeHook;

/* Returns from a callback: an event that the fast path did not take goes to the reference. */
static PyObject *
pass_on_unless_taken(PyObject *hook, int taken, PyObject *const *args, size_t flags,
                     PyObject *names)
{
    if (taken != 0) {
        return taken < 0 ? NULL : Py_NewRef(Py_None);
    }
    return PyObject_Vectorcall(((CodeHook *)hook)->reference, args, flags, names);
}

/* Returns the frame that runs, borrowed, if the arguments begin with code; otherwise NULL. */
static PyFrameObject *
frame_of(PyObject *const *args, size_t flags)
{
    return PyVectorcall_NARGS(flags) >= 2 && PyCode_Check(args[0]) ? PyEval_GetFrame() : NULL;
}

static PyObject *
on_line(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = 0;
    if (frame != NULL && PyLong_CheckExact(args[1])) {
        taken = LineHooks_on_line(((CodeHook *)hook)->hooks, frame, (int)PyLong_AsLong(args[1]));
    }
    return pass_on_unless_taken(hook, taken, args, flags, names);
}

/* Returns the line that a jump runs again, for a loop within one line; 0 for any other jump. */
static int
line_of_pass(PyObject *passes, PyObject *code, PyObject *offset)
{
    PyObject *id = PyLong_FromVoidPtr(code);
    PyObject *known = id == NULL ? NULL : PyDict_GetItemWithError(passes, id);
    Py_XDECREF(id);
    PyObject *line = known == NULL ? NULL : PyDict_GetItemWithError(known, offset);
    PyErr_Clear();
    return line == NULL ? 0 : (int)PyLong_AsLong(line);
}

static PyObject *
on_jump(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int line = frame == NULL ? 0 : line_of_pass(((CodeHook *)hook)->passes, args[0], args[1]);
    int taken = line == 0 ? 0 : LineHooks_on_line(((CodeHook *)hook)->hooks, frame, line);
    return pass_on_unless_taken(hook, taken, args, flags, names);
}

static PyObject *
on_start(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    LineHooks *hooks = ((CodeHook *)hook)->hooks;
    /* The reference remembers the functions that greenlets start with. Without lines, it disables
       the starts of all others. */
    int taken = frame != NULL && hooks->lines->budget > 0 && !is_outermost(frame)
                && LineHooks_on_start(hooks, frame, (PyCodeObject *)args[0]);
    return pass_on_unless_taken(hook, taken, args, flags, names);
}

static PyObject *
on_return(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = frame != NULL
                && LineHooks_on_return(((CodeHook *)hook)->hooks, frame, (PyCodeObject *)args[0]);
    return pass_on_unless_taken(hook, taken, args, flags, names);
}

static PyObject *
on_resume(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = frame == NULL ? 0 : LineHooks_on_resume(((CodeHook *)hook)->hooks, frame);
    return pass_on_unless_taken(hook, taken, args, flags, names);
}

static PyObject *
on_yield(PyObject *hook, PyObject *const *args, size_t flags, PyObject *names)
{
    PyFrameObject *frame = frame_of(args, flags);
    int taken = 0;
    if (frame != NULL && PyVectorcall_NARGS(flags) == 3) {
        PyCodeObject *code = (PyCodeObject *)args[0];
        taken = LineHooks_on_yield(((CodeHook *)hook)->hooks, frame, code, args[2]);
    }
    return pass_on_unless_taken(hook, taken, args, flags, names);
}

static int
CodeHook_traverse(CodeHook *self, visitproc visit, void *arg)
{
    Py_VISIT(self->hooks);
    Py_VISIT(self->reference);
    Py_VISIT(self->passes);
    return 0;
}

static void
CodeHook_dealloc(CodeHook *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->hooks);
    Py_CLEAR(self->reference);
    Py_CLEAR(self->passes);
    PyObject_GC_Del(self);
}

static PyTypeObject CodeHook_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.CodeHook",
    .tp_doc = "The callback for one kind of event.",
    .tp_basicsize = sizeof(CodeHook),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(CodeHook, call),
    .tp_call = PyVectorcall_Call,
    .tp_dealloc = (destructor)CodeHook_dealloc,
    .tp_traverse = (traverseproc)CodeHook_traverse,
};

static PyObject *
new_hook(LineHooks *self, PyObject *reference, PyObject *passes, vectorcallfunc call)
{
    CodeHook *hook = PyObject_GC_New(CodeHook, &CodeHook_Type);
    if (hook == NULL) {
        return NULL;
    }
    hook->call = call;
    hook->hooks = (LineHooks *)Py_NewRef(self);
    hook->reference = Py_NewRef(reference);
    hook->passes = Py_XNewRef(passes);
    PyObject_GC_Track(hook);
    return (PyObject *)hook;
}

PyObject *
LineHooks_at_line(LineHooks *self, PyObject *reference)
{
    return new_hook(self, reference, NULL, on_line);
}

PyObject *
LineHooks_at_jump(LineHooks *self, PyObject *args)
{
    PyObject *reference, *passes;
    if (!PyArg_ParseTuple(args, "OO!", &reference, &PyDict_Type, &passes)) {
        return NULL;
    }
    return new_hook(self, reference, passes, on_jump);
}

PyObject *
LineHooks_at_start(LineHooks *self, PyObject *reference)
{
    return new_hook(self, reference, NULL, on_start);
}

PyObject *
LineHooks_at_return(LineHooks *self, PyObject *reference)
{
    return new_hook(self, reference, NULL, on_return);
}

PyObject *
LineHooks_at_resume(LineHooks *self, PyObject *reference)
{
    return new_hook(self, reference, NULL, on_resume);
}

PyObject *
LineHooks_at_yield(LineHooks *self, PyObject *reference)
{
    return new_hook(self, reference, NULL, on_yield);
}

int
Callbacks_ready(void)
{
    return PyType_Ready(&CodeHook_Type);
}

#endif
