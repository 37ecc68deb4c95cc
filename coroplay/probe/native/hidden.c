/* Calls that a program can't see: with an empty stack below them, hidden from tracers, without a
   frame, beyond its recursion limit, or without raising an exception where it could not catch it.
   The twin of coroplay/probe/base/hidden.py and coroplay/probe/program/clean_stack.py. */

#include "hidden.h"

#include "internals.h"

#include <stdio.h>
#include <structmember.h>

/* The number of nested calls that the probe may make beyond the program's recursion limit. */
#define ROOM 200

/* The thread in which the interpreter calls signal handlers and pending calls. */
static unsigned long main_thread;

PyObject *
call_clean(PyObject *Py_UNUSED(module), PyObject *body)
{
    PyThreadState *thread = PyThreadState_Get();
    Stack before = cut_stack(thread);
    PyObject *result = PyObject_CallNoArgs(body);
    restore_stack(thread, before);
    return result;
}

PyObject *
run_file(PyObject *Py_UNUSED(module), PyObject *path)
{
    const char *name = PyBytes_AsString(path);
    if (name == NULL) {
        return NULL;
    }
    FILE *file = fopen(name, "rb");
    if (file == NULL) {
        return PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
    }
    PyThreadState *thread = PyThreadState_Get();
    Stack before = cut_stack(thread);
    int failed = PyRun_AnyFileExFlags(file, name, 1, NULL);
    restore_stack(thread, before);
    return PyLong_FromLong(failed);
}

/* A function that is called in a special way. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *function;
} Wrapper;

/* Calls with room for calls of the probe, however near the program is to its recursion limit. */
static PyObject *
call_with_room(PyObject *function, PyObject *const *args, size_t flags, PyObject *names)
{
    PyThreadState *thread = PyThreadState_Get();
    add_room(thread, ROOM);
    PyObject *result = PyObject_Vectorcall(function, args, flags, names);
    add_room(thread, -ROOM);
    return result;
}

int
pass_recursion_limit(void)
{
    if (!PyErr_ExceptionMatches(PyExc_RecursionError)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

/* Calls hidden from tracers, profilers and monitoring tools, with everything in the call. */
PyObject *
call_untraced(PyObject *function, PyObject *const *args, size_t flags, PyObject *names)
{
    PyThreadState *thread = PyThreadState_Get();
    PyThreadState_EnterTracing(thread);
    PyObject *result = call_with_room(function, args, flags, names);
    PyThreadState_LeaveTracing(thread);
    return result;
}

static PyObject *
Wrapper_call_untraced(PyObject *self, PyObject *const *args, size_t flags, PyObject *names)
{
    return call_untraced(((Wrapper *)self)->function, args, flags, names);
}

static PyObject *
Wrapper_call_with_room(PyObject *self, PyObject *const *args, size_t flags, PyObject *names)
{
    return call_with_room(((Wrapper *)self)->function, args, flags, names);
}

/* Called by the interpreter in the main thread, where it would call signal handlers. */
static int
raise_pending(void *exception)
{
    PyObject *error = exception;
    PyErr_Restore(Py_NewRef(Py_TYPE(error)), error, PyException_GetTraceback(error));
    return -1;
}

/* Has the exception that is set raised where the interpreter next looks for signals; returns -1 with
   the exception set if that can't be. */
static int
raise_soon(void)
{
    PyObject *kind, *error, *trace;
    PyErr_Fetch(&kind, &error, &trace);
    PyErr_NormalizeException(&kind, &error, &trace);
    if (trace != NULL) {
        PyException_SetTraceback(error, trace);
    }
    unsigned long thread = PyThread_get_thread_ident();
    int done;
    if (thread == main_thread) {
        done = Py_AddPendingCall(raise_pending, Py_NewRef(error)) == 0;
        if (!done) {
            Py_DECREF(error);
        }
    }
    else {
        /* Nothing but such a call raises what is not a hook's own in another thread. */
        done = PyThreadState_SetAsyncExc(thread, kind) == 1;
    }
    if (!done) {
        PyErr_Restore(kind, error, trace);
        return -1;
    }
    Py_DECREF(kind);
    Py_DECREF(error);
    Py_XDECREF(trace);
    return 0;
}

static PyObject *
Wrapper_call_raising_later(PyObject *self, PyObject *const *args, size_t flags, PyObject *names)
{
    PyObject *result = PyObject_Vectorcall(((Wrapper *)self)->function, args, flags, names);
    return result == NULL && raise_soon() == 0 ? Py_NewRef(Py_None) : result;
}

static int
Wrapper_traverse(Wrapper *self, visitproc visit, void *arg)
{
    Py_VISIT(self->function);
    return 0;
}

static void
Wrapper_dealloc(Wrapper *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->function);
    PyObject_GC_Del(self);
}

static PyTypeObject Wrapper_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.Wrapper",
    .tp_doc = "A function that is called in a special way.",
    .tp_basicsize = sizeof(Wrapper),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(Wrapper, call),
    .tp_call = PyVectorcall_Call,
    .tp_dealloc = (destructor)Wrapper_dealloc,
    .tp_traverse = (traverseproc)Wrapper_traverse,
};

static PyObject *
wrap(PyObject *function, vectorcallfunc call)
{
    Wrapper *made = PyObject_GC_New(Wrapper, &Wrapper_Type);
    if (made == NULL) {
        return NULL;
    }
    made->call = call;
    made->function = Py_NewRef(function);
    PyObject_GC_Track(made);
    return (PyObject *)made;
}

PyObject *
untraced(PyObject *Py_UNUSED(module), PyObject *function)
{
    return wrap(function, Wrapper_call_untraced);
}

PyObject *
with_room(PyObject *Py_UNUSED(module), PyObject *function)
{
    return wrap(function, Wrapper_call_with_room);
}

PyObject *
raising_later(PyObject *Py_UNUSED(module), PyObject *function)
{
    return wrap(function, Wrapper_call_raising_later);
}

/* A method `write` of a stream that has no frame: neither a stack nor a traceback shows it. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *before; /* called with the stream and the data; returns the bytes of the data, and the
                         bytearray that announces them to another stream, or None */
    PyObject *write;  /* the stream's own method */
    PyObject *after;  /* called with the stream, the result of `before`, and that of `write`; None
                         if that raised an exception */
} WriteMethod;

/* Announces the bytes that are about to be written. Nothing is called between this and the writing,
   so that bytes are announced in the order in which threads write them. */
static int
announce(PyObject *noted)
{
    if (!PyTuple_CheckExact(noted) || PyTuple_GET_SIZE(noted) != 2
        || !PyByteArray_CheckExact(PyTuple_GET_ITEM(noted, 1))) {
        return 0;
    }
    PyObject *grown = PySequence_InPlaceConcat(PyTuple_GET_ITEM(noted, 1), PyTuple_GET_ITEM(noted, 0));
    Py_XDECREF(grown);
    return grown == NULL ? -1 : 0;
}

/* Calls `before`; returns None if the program is at its recursion limit, which is its own business,
   and NULL with an exception of the program's. */
static PyObject *
note(WriteMethod *self, PyObject *const *args)
{
    PyObject *noted = call_untraced(self->before, args, 2, NULL);
    return noted == NULL && pass_recursion_limit() == 0 ? Py_NewRef(Py_None) : noted;
}

/* Calls `after`; returns -1 with an exception of the program's. */
static int
finish(WriteMethod *self, PyObject *stream, PyObject *noted, PyObject *written)
{
    PyObject *const args[] = {stream, noted, written == NULL ? Py_None : written};
    PyObject *done = call_untraced(self->after, args, 3, NULL);
    Py_XDECREF(done);
    return done == NULL ? pass_recursion_limit() : 0;
}

static PyObject *
WriteMethod_call(PyObject *method, PyObject *const *args, size_t flags, PyObject *names)
{
    WriteMethod *self = (WriteMethod *)method;
    if (PyVectorcall_NARGS(flags) != 2 || names != NULL) {
        /* The stream's own method raises the right exception. */
        return PyObject_Vectorcall(self->write, args, flags, names);
    }
    PyObject *noted = note(self, args);
    if (noted == NULL || announce(noted) < 0) {
        Py_XDECREF(noted);
        return NULL;
    }
    PyObject *written = PyObject_Vectorcall(self->write, args, flags, NULL);
    PyObject *kind = NULL, *error = NULL, *trace = NULL;
    PyErr_Fetch(&kind, &error, &trace);
    int failed = noted == Py_None ? 0 : finish(self, args[0], noted, written);
    Py_DECREF(noted);
    if (kind != NULL) {
        /* The exception of the write is what the program sees. */
        PyErr_Restore(kind, error, trace);
    }
    else if (failed) {
        Py_CLEAR(written);
    }
    return written;
}

/* The attributes of the stream's own method, but for those that every object has. */
static PyObject *
WriteMethod_getattro(PyObject *self, PyObject *name)
{
    PyObject *found = PyObject_GenericGetAttr(self, name);
    if (found == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
        return PyObject_GetAttr(((WriteMethod *)self)->write, name);
    }
    return found;
}

static PyObject *
WriteMethod_get(PyObject *self, PyObject *stream, PyObject *Py_UNUSED(kind))
{
    return stream == NULL ? Py_NewRef(self) : PyMethod_New(self, stream);
}

static int
WriteMethod_traverse(WriteMethod *self, visitproc visit, void *arg)
{
    Py_VISIT(self->before);
    Py_VISIT(self->write);
    Py_VISIT(self->after);
    return 0;
}

static void
WriteMethod_dealloc(WriteMethod *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(self->before);
    Py_CLEAR(self->write);
    Py_CLEAR(self->after);
    PyObject_GC_Del(self);
}

PyTypeObject WriteMethod_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "coroplay.probe.native._accelerator.WriteMethod",
    .tp_basicsize = sizeof(WriteMethod),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL
                | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .tp_vectorcall_offset = offsetof(WriteMethod, call),
    .tp_call = PyVectorcall_Call,
    .tp_getattro = WriteMethod_getattro,
    .tp_descr_get = WriteMethod_get,
    .tp_dealloc = (destructor)WriteMethod_dealloc,
    .tp_traverse = (traverseproc)WriteMethod_traverse,
};

PyObject *
write_method(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *before, *write, *after;
    if (!PyArg_ParseTuple(args, "OOO", &before, &write, &after)) {
        return NULL;
    }
    WriteMethod *made = PyObject_GC_New(WriteMethod, &WriteMethod_Type);
    if (made == NULL) {
        return NULL;
    }
    made->call = WriteMethod_call;
    made->before = Py_NewRef(before);
    made->write = Py_NewRef(write);
    made->after = Py_NewRef(after);
    PyObject_GC_Track(made);
    return (PyObject *)made;
}

int
hidden_ready(void)
{
    main_thread = PyThread_get_thread_ident();
    return PyType_Ready(&Wrapper_Type) < 0 ? -1 : PyType_Ready(&WriteMethod_Type);
}
