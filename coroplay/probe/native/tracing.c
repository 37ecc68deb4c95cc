/* The trace function of Python 3.11, called at every event of every frame: the twin of
   coroplay/probe/hooks/tracing.py. */

#include "line_hooks.h"

#if PY_VERSION_HEX < 0x030C0000

#include "hidden.h"
#include "internals.h"

#include <opcode.h>

/* The trace function of watched threads, and of each frame whose lines are recorded: so it is
   called for such frames even while the program has a trace function of its own. */
typedef struct {
    PyObject_HEAD
    LineHooks *hooks;
    PyObject *owns;     /* tells whether code is the person's own */
    PyObject *on_call;  /* the reference for calls: returns the frame's trace function, or None */
    PyObject *on_line;  /* the reference for events of frames whose trace function is this object */
    PyObject *on_event; /* the trace function of frames that the reference always takes */
    PyObject *raised;   /* a dict, empty while no exception is on its way */
    int over;           /* whether each thread is to be left at its next event */
} Tracer;

static const char *const names[] = {"call", "exception", "line", "return"};
static PyObject *events[sizeof(names) / sizeof(names[0])];

/* Tells whether code is the person's own; returns -1 with an exception set if it can't. */
static int
is_own(Tracer *self, PyCodeObject *code)
{
    FastPath *shared = self->hooks->fast_path;
    void *known = Map_find(&shared->codes, code);
    if (known != NULL) {
        return known != FOREIGN;
    }
    PyObject *answer = PyObject_CallOneArg(self->owns, (PyObject *)code);
    if (answer == NULL) {
        return -1;
    }
    int own = answer == Py_True;
    Py_DECREF(answer);
    return FastPath_learn_code(shared, code, own) < 0 ? -1 : own;
}

/* Tells whether code is a coroutine of asyncio's kind, which is suspended at awaits and yields. */
static int
can_await(PyCodeObject *code)
{
    return (code->co_flags & (CO_COROUTINE | CO_ASYNC_GENERATOR)) != 0;
}

/* Tells whether a frame is at a yield. */
static int
is_at_yield(PyFrameObject *frame, PyCodeObject *code)
{
    return _Py_OPCODE(_PyCode_CODE(code)[PyFrame_GetLasti(frame) / 2]) == YIELD_VALUE;
}

/* Returns the argument of the RESUME that a frame is at, which is 0 at the start of its code and
   not behind a yield; -1 if it is at another instruction. */
static int
resume_argument(PyFrameObject *frame, PyCodeObject *code)
{
    _Py_CODEUNIT instruction = _PyCode_CODE(code)[PyFrame_GetLasti(frame) / 2];
    int resumes = _Py_OPCODE(instruction) == RESUME || _Py_OPCODE(instruction) == RESUME_QUICK;
    return resumes ? _Py_OPARG(instruction) : -1;
}

/* Takes a call if that needs no Python; tells whether it did; returns -1 with an exception set if
   it failed. */
static int
fast_call(Tracer *self, PyFrameObject *frame, PyCodeObject *code)
{
    int own = is_own(self, code);
    if (own <= 0) {
        return own < 0 ? -1 : 1;
    }
    if (code->co_flags & CO_GENERATOR) {
        int is_watched = frame->f_trace == (PyObject *)self || frame->f_trace == self->on_event;
        int resumes = is_watched && resume_argument(frame, code) > 0;
        return resumes ? LineHooks_on_resume(self->hooks, frame) : 0;
    }
    if (self->hooks->lines->budget <= 0) {
        return 1;
    }
    if (can_await(code) && frame->f_trace == (PyObject *)self
        && resume_argument(frame, code) != 0) {
        return 1;
    }
    if (!LineHooks_on_start(self->hooks, frame, code)) {
        return 0;
    }
    Py_XSETREF(frame->f_trace, Py_NewRef(self));
    return 1;
}

static int
trace_call(Tracer *self, PyFrameObject *frame)
{
    PyCodeObject *code = PyFrame_GetCode(frame);
    int taken = fast_call(self, frame, code);
    Py_DECREF(code);
    if (taken != 0) {
        return taken < 0 && LineHooks_handle_error(self->hooks) < 0 ? -1 : 0;
    }
    PyObject *chosen = PyObject_CallFunctionObjArgs(self->on_call, frame, events[PyTrace_CALL],
                                                    Py_None, NULL);
    if (chosen == NULL) {
        return pass_recursion_limit();
    }
    if (chosen == Py_None) {
        Py_DECREF(chosen);
    }
    else {
        Py_XSETREF(frame->f_trace, chosen);
    }
    return 0;
}

/* Takes an event, if it can, of a frame whose trace function is this object. */
static int
fast_event(Tracer *self, PyFrameObject *frame, int what, PyObject *arg)
{
    if (PyDict_GET_SIZE(self->raised) != 0) {
        return 0;
    }
    if (what == PyTrace_LINE) {
        return LineHooks_on_line(self->hooks, frame, PyFrame_GetLineNumber(frame));
    }
    if (what != PyTrace_RETURN) {
        return 0;
    }
    PyCodeObject *code = PyFrame_GetCode(frame);
    int taken;
    if (can_await(code) && is_at_yield(frame, code)) {
        taken = 1;
    }
    else if (!(code->co_flags & CO_GENERATOR)) {
        taken = LineHooks_on_return(self->hooks, frame, code);
    }
    else if (arg != NULL && is_at_yield(frame, code)) {
        taken = LineHooks_on_yield(self->hooks, frame, code, arg);
    }
    else {
        taken = 0;
    }
    Py_DECREF(code);
    return taken;
}

/* Watches the calling thread, in which the frame runs, no more: a thread that is traced is slow
   even where no frame wants to hear of anything. */
static void
leave_thread(Tracer *self, PyFrameObject *frame)
{
    Py_INCREF(self);
    PyFrameObject *at = (PyFrameObject *)Py_NewRef(frame);
    while (at != NULL) {
        if (at->f_trace == (PyObject *)self || at->f_trace == self->on_event) {
            Py_CLEAR(at->f_trace);
            at->f_trace_lines = 1;
        }
        PyFrameObject *back = PyFrame_GetBack(at);
        Py_DECREF(at);
        at = back;
    }
    if (PyThreadState_Get()->c_traceobj == (PyObject *)self) {
        PyEval_SetTrace(NULL, NULL);
    }
    Py_DECREF(self);
}

static int
trace(PyObject *tracer, PyFrameObject *frame, int what, PyObject *arg)
{
    Tracer *self = (Tracer *)tracer;
    if (self->over) {
        leave_thread(self, frame);
        return 0;
    }
    if (what == PyTrace_CALL) {
        return trace_call(self, frame);
    }
    if (what > PyTrace_RETURN || frame->f_trace == NULL) {
        return 0;
    }
    PyObject *reference = self->on_line;
    if (frame->f_trace == tracer) {
        int taken = fast_event(self, frame, what, arg);
        if (taken != 0) {
            return taken < 0 ? -1 : 0;
        }
    }
    else if (frame->f_trace == self->on_event) {
        reference = self->on_event;
    }
    else {
        return 0;
    }
    PyObject *done = PyObject_CallFunctionObjArgs(reference, frame, events[what],
                                                  arg == NULL ? Py_None : arg, NULL);
    Py_XDECREF(done);
    return done == NULL ? pass_recursion_limit() : 0;
}

/* Called for frames with this trace function while the program has set one of its own. */
static PyObject *
Tracer_call(Tracer *self, PyObject *args, PyObject *Py_UNUSED(named))
{
    PyFrameObject *frame;
    PyObject *event, *arg;
    if (!PyArg_ParseTuple(args, "O!OO", &PyFrame_Type, &frame, &event, &arg)) {
        return NULL;
    }
    for (int what = PyTrace_EXCEPTION; what <= PyTrace_RETURN; what++) {
        if (event == events[what] && trace((PyObject *)self, frame, what, arg) < 0) {
            return NULL;
        }
    }
    Py_RETURN_NONE;
}

static PyObject *
Tracer_install(Tracer *self, PyObject *Py_UNUSED(nothing))
{
    PyEval_SetTrace(trace, (PyObject *)self);
    Py_RETURN_NONE;
}

static PyObject *
Tracer_end(Tracer *self, PyObject *Py_UNUSED(nothing))
{
    self->over = 1;
    Py_RETURN_NONE;
}

static int
Tracer_traverse(Tracer *self, visitproc visit, void *arg)
{
    Py_VISIT(self->hooks);
    Py_VISIT(self->owns);
    Py_VISIT(self->on_call);
    Py_VISIT(self->on_line);
    Py_VISIT(self->on_event);
    Py_VISIT(self->raised);
    return 0;
}

static void
Tracer_dealloc(Tracer *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->hooks);
    Py_CLEAR(self->owns);
    Py_CLEAR(self->on_call);
    Py_CLEAR(self->on_line);
    Py_CLEAR(self->on_event);
    Py_CLEAR(self->raised);
    PyObject_GC_Del(self);
}

static PyMethodDef methods[] = {
    {"install", (PyCFunction)Tracer_install, METH_NOARGS, "Watch the calling thread."},
    {"end", (PyCFunction)Tracer_end, METH_NOARGS, "Leave each thread at its next event."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject Tracer_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.Tracer",
    .tp_doc = "The trace function of watched threads.",
    .tp_basicsize = sizeof(Tracer),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_call = (ternaryfunc)Tracer_call,
    .tp_dealloc = (destructor)Tracer_dealloc,
    .tp_traverse = (traverseproc)Tracer_traverse,
    .tp_methods = methods,
};

PyObject *
LineHooks_tracer(LineHooks *self, PyObject *args)
{
    PyObject *owns, *on_call, *on_line, *on_event, *raised;
    if (!PyArg_ParseTuple(args, "OOOOO!", &owns, &on_call, &on_line, &on_event, &PyDict_Type,
                          &raised)) {
        return NULL;
    }
    Tracer *tracer = PyObject_GC_New(Tracer, &Tracer_Type);
    if (tracer == NULL) {
        return NULL;
    }
    tracer->hooks = (LineHooks *)Py_NewRef(self);
    tracer->owns = Py_NewRef(owns);
    tracer->on_call = Py_NewRef(on_call);
    tracer->on_line = Py_NewRef(on_line);
    tracer->on_event = Py_NewRef(on_event);
    tracer->raised = Py_NewRef(raised);
    tracer->over = 0;
    PyObject_GC_Track(tracer);
    return (PyObject *)tracer;
}

int
Callbacks_ready(void)
{
    for (size_t what = 0; what < sizeof(names) / sizeof(names[0]); what++) {
        events[what] = PyUnicode_InternFromString(names[what]);
        if (events[what] == NULL) {
            return -1;
        }
    }
    return PyType_Ready(&Tracer_Type);
}

#endif
