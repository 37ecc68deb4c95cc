/* The fast path of a switch: the twin of coroplay/probe/hooks/greenlets.py and of
   `Recorder.on_greenlet_switch` in coroplay/probe/recorder.py.

   It takes a switch if both greenlets are known and alive, nobody wants to pause there, and the
   site at which the origin was left is known too. It passes every other switch on to the reference.

   Taking a switch runs no Python code, so that what has been looked up stays true. */

#include "greenlets.h"

#include "fast_path.h"
#include "hidden.h"
#include "internals.h"
#include "requests.h"

#include <structmember.h>

/* The hook of one thread. */
typedef struct {
    PyObject_HEAD
    FastPath *fast_path;
    PyObject *reference;
    Thread *thread; /* NULL: the thread is not known */
} ThreadHook;

/* The function that greenlet calls. Only greenlet holds it, so that its end shows that greenlet has
   taken it out. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    ThreadHook *hook;
    PyObject *references;
} Call;

static PyObject *switch_event;

/* Returns the site of a coroutine that is suspended in a frame: in the person's own code, or else
   in the innermost frame. NULL if it is not known. */
static const Site *
find_site(const FastPath *self, const Track *one, InterpreterFrame *frame)
{
    const Site *innermost = Track_site(one, code_of(frame), instruction_of(frame));
    const Site *site = innermost;
    while (site == NULL || !site->own) {
        void *known = Map_find(&self->codes, code_of(frame));
        if (known != FOREIGN) {
            return known == NULL ? NULL : site;
        }
        frame = caller_of(frame);
        if (frame == NULL) {
            return innermost;
        }
        site = Track_site(one, code_of(frame), instruction_of(frame));
    }
    return site;
}

/* Returns the frame of a suspended greenlet; NULL if it has none. */
static PyFrameObject *
suspended_frame(FastPath *self, PyObject *greenlet)
{
    PyObject *frame = self->frame_of(greenlet, NULL);
    if (frame == NULL || !PyFrame_Check(frame)) {
        PyErr_Clear();
        Py_XDECREF(frame);
        return NULL;
    }
    return (PyFrameObject *)frame;
}

static inline unsigned
verb_of(const Track *leaving, const Track *entered)
{
    return entered->hub ? VERB_WAIT : leaving->hub ? VERB_WAKE : VERB_SWITCH;
}

static inline int
may_take(const FastPath *shared, const Thread *thread)
{
    return !shared->force_slow && nothing_is_pending(shared, thread);
}

/* Records a switch if that takes no Python; tells whether it did. */
static int
try_switch(FastPath *shared, Thread *thread, PyObject *origin, PyObject *target)
{
    Steps *steps = shared->steps;
    uint64_t time = Steps_time(steps);
    Track *leaving = thread->greenlet;
    PyFrameObject *frame = leaving->thing == origin ? suspended_frame(shared, origin) : NULL;
    if (frame == NULL) {
        return 0;
    }
    Track *one = Track_innermost(leaving);
    const Site *site = one == NULL ? NULL : find_site(shared, one, frame->f_frame);
    /* The greenlet goes on holding the frame. */
    Py_DECREF(frame);
    Track *entered = Map_find(&shared->tracks, target);
    if (site == NULL || entered == NULL || !entered->started || !Steps_has_room(steps)) {
        return 0;
    }
    Track *other = Track_innermost(entered);
    if (other == NULL) {
        return 0;
    }
    Steps_write(steps, other->id, site->detail, time, verb_of(leaving, entered));
    one->left = (uint32_t)steps->count;
    thread->greenlet = (Track *)Py_NewRef(entered);
    /* The map of tracks holds `leaving` as well: nothing ends here. */
    Py_DECREF(leaving);
    return 1;
}

static PyObject *
Call_call(PyObject *call, PyObject *const *args, size_t flags, PyObject *names)
{
    ThreadHook *self = ((Call *)call)->hook;
    FastPath *shared = self->fast_path;
    const char *attention = shared->attention.buf;
    if (PyVectorcall_NARGS(flags) == 2 && names == NULL && args[0] == switch_event
        && PyTuple_CheckExact(args[1]) && PyTuple_GET_SIZE(args[1]) == 2 && self->thread != NULL
        && self->thread->greenlet != NULL && (attention == NULL || *attention == 0)
        && may_take(shared, self->thread)
        && try_switch(shared, self->thread, PyTuple_GET_ITEM(args[1], 0),
                      PyTuple_GET_ITEM(args[1], 1))) {
        forget_request();
        Py_RETURN_NONE;
    }
    if (self->reference == NULL) {
        Py_RETURN_NONE;
    }
    PyObject *result = PyObject_Vectorcall(self->reference, args, flags, names);
    return result == NULL && pass_recursion_limit() == 0 ? Py_NewRef(Py_None) : result;
}

static int
Call_traverse(Call *self, visitproc visit, void *arg)
{
    Py_VISIT(self->hook);
    return 0;
}

static void
Call_dealloc(Call *self)
{
    PyObject_GC_UnTrack(self);
    if (self->references != NULL) {
        PyObject_ClearWeakRefs((PyObject *)self);
    }
    Py_CLEAR(self->hook);
    PyObject_GC_Del(self);
}

static PyTypeObject Call_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.Call",
    .tp_doc = "The function that greenlet calls in one thread.",
    .tp_basicsize = sizeof(Call),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(Call, call),
    .tp_weaklistoffset = offsetof(Call, references),
    .tp_call = PyVectorcall_Call,
    .tp_dealloc = (destructor)Call_dealloc,
    .tp_traverse = (traverseproc)Call_traverse,
};

static PyObject *
ThreadHook_new_call(ThreadHook *self, PyObject *Py_UNUSED(nothing))
{
    Call *made = PyObject_GC_New(Call, &Call_Type);
    if (made == NULL) {
        return NULL;
    }
    made->call = Call_call;
    made->hook = (ThreadHook *)Py_NewRef(self);
    made->references = NULL;
    PyObject_GC_Track(made);
    return (PyObject *)made;
}

static int
ThreadHook_traverse(ThreadHook *self, visitproc visit, void *arg)
{
    Py_VISIT(self->fast_path);
    Py_VISIT(self->reference);
    Py_VISIT(self->thread);
    return 0;
}

static int
ThreadHook_clear(ThreadHook *self)
{
    Py_CLEAR(self->reference);
    Py_CLEAR(self->thread);
    return 0;
}

static void
ThreadHook_dealloc(ThreadHook *self)
{
    PyObject_GC_UnTrack(self);
    ThreadHook_clear(self);
    Py_CLEAR(self->fast_path);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *
ThreadHook_set_thread(ThreadHook *self, PyObject *thread)
{
    if (thread != Py_None && !PyObject_TypeCheck(thread, &Thread_Type)) {
        PyErr_SetString(PyExc_TypeError, "a thread's state is needed");
        return NULL;
    }
    Py_XSETREF(self->thread, thread == Py_None ? NULL : (Thread *)Py_NewRef(thread));
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"set_thread", (PyCFunction)ThreadHook_set_thread, METH_O, "Take the thread's state, or None."},
    {"new_call", (PyCFunction)ThreadHook_new_call, METH_NOARGS,
     "Make a new function for greenlet to call."},
    {NULL, NULL, 0, NULL},
};

static PyObject *
ThreadHook_new(PyTypeObject *kind, PyObject *args, PyObject *Py_UNUSED(named))
{
    PyObject *fast_path, *reference;
    if (!PyArg_ParseTuple(args, "O!O", &FastPath_Type, &fast_path, &reference)) {
        return NULL;
    }
    ThreadHook *hook = (ThreadHook *)kind->tp_alloc(kind, 0);
    if (hook != NULL) {
        hook->fast_path = (FastPath *)Py_NewRef(fast_path);
        hook->reference = Py_NewRef(reference);
    }
    return (PyObject *)hook;
}

PyTypeObject ThreadHook_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.ThreadHook",
    .tp_doc = "The hook of one thread.",
    .tp_basicsize = sizeof(ThreadHook),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = ThreadHook_new,
    .tp_dealloc = (destructor)ThreadHook_dealloc,
    .tp_traverse = (traverseproc)ThreadHook_traverse,
    .tp_clear = (inquiry)ThreadHook_clear,
    .tp_methods = methods,
};

int
greenlets_ready(void)
{
    switch_event = PyUnicode_InternFromString("switch");
    return switch_event == NULL ? -1 : PyType_Ready(&Call_Type);
}
