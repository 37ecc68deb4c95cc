/* The fast path of a generator that is resumed or yields: the twin of
   coroplay/probe/hooks/generators.py, where the reference takes all starts and ends. */

#include "line_hooks.h"

#include "internals.h"

/* Returns the track of a generator's frame, borrowed; NULL if it is not known. */
static Track *
track_of(LineHooks *self, PyFrameObject *frame)
{
    PyObject *key = PyLong_FromVoidPtr(frame);
    PyObject *found = key == NULL ? NULL : PyDict_GetItemWithError(self->frames, key);
    Py_XDECREF(key);
    if (found == NULL || !PyObject_TypeCheck(found, &Track_Type)) {
        PyErr_Clear();
        return NULL;
    }
    return (Track *)found;
}

/* Writes that control passes from one coroutine to another; there must be room. Runs no Python
   code. */
static void
write_switch(LineHooks *self, Track *from, Track *to, uint32_t detail, unsigned verb)
{
    Steps *steps = self->fast_path->steps;
    Steps_write(steps, to->id, detail, Steps_time(steps), verb);
    from->left = (uint32_t)steps->count;
    to->started = 1;
}

/* Puts a generator on a greenlet, on top of the caller. The caller of this function holds all
   three. */
static int
enter(LineHooks *self, Track *greenlet, Track *caller, Track *track, uint32_t detail, unsigned verb)
{
    Py_ssize_t count = PyList_GET_SIZE(greenlet->generators);
    /* Making a list may run the program's code, by way of the garbage collector. */
    PyObject *list = PyList_New(count + 1);
    if (list == NULL) {
        return -1;
    }
    if (Track_innermost(greenlet) != caller || PyList_GET_SIZE(greenlet->generators) != count
        || !Steps_has_room(self->fast_path->steps)) {
        Py_DECREF(list);
        return 0;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyList_SET_ITEM(list, i, Py_NewRef(PyList_GET_ITEM(greenlet->generators, i)));
    }
    PyList_SET_ITEM(list, count, Py_NewRef(track));
    write_switch(self, caller, track, detail, verb);
    Py_XSETREF(track->caller, Py_NewRef(caller));
    Py_XSETREF(track->owner, Py_NewRef(greenlet));
    Py_SETREF(greenlet->generators, list);
    return 1;
}

/* Writes a detail with a value; returns -1 with an exception set if it can't. */
static int
write_detail_with(LineHooks *self, Track *origin, uint32_t location, PyObject *value,
                  uint32_t *detail)
{
    Lines *lines = self->lines;
    uint32_t reference;
    Text text;
    Text_begin(&text);
    int failed = Text_add_value(lines, &text, value) < 0
                 || write_text(&lines->texts, &text, &reference) < 0
                 || write_detail(&lines->details, origin->id, location, reference, 0, detail) < 0;
    Text_end(&text);
    return failed ? -1 : 0;
}

/* Finds the detail of a switch to a generator that is asked for its next value; returns -1 with an
   exception set if it can't. */
static int
find_switch_detail(LineHooks *self, Track *caller, PyCodeObject *code, int at, uint32_t location,
                   uint32_t *detail)
{
    const Site *site = Track_site(caller, code, at);
    if (site != NULL) {
        *detail = site->detail;
        return 0;
    }
    if (write_detail(&self->lines->details, caller->id, location, 0, 0, detail) < 0) {
        return -1;
    }
    Track_learn(caller, code, at, 1, *detail);
    return 0;
}

int
LineHooks_on_resume(LineHooks *self, PyFrameObject *frame)
{
    InterpreterFrame *outer = caller_of(frame->f_frame);
    PyCodeObject *code = outer == NULL ? NULL : code_of(outer);
    Facts *facts = code == NULL ? NULL : Map_find(&self->lines->facts, code);
    if (facts == NULL) {
        return 0;
    }
    int at = instruction_of(outer);
    uint32_t location = Facts_call(facts, at), detail;
    Track *track = track_of(self, frame), *greenlet = LineHooks_greenlet(self);
    Track *caller = greenlet == NULL ? NULL : Track_innermost(greenlet);
    PyObject *sent = sent_into(frame);
    if (track == NULL || (track->owner != NULL && track->owner != Py_None) || caller == NULL
        || location == 0 || sent == NULL || LineHooks_may_stop(self)) {
        return 0;
    }
    Py_INCREF(track);
    Py_INCREF(greenlet);
    Py_INCREF(caller);
    Py_INCREF(sent);
    int taken = sent == Py_None
                    ? find_switch_detail(self, caller, code, at, location, &detail)
                    : write_detail_with(self, caller, location, sent, &detail);
    if (taken == 0) {
        unsigned verb = sent == Py_None ? VERB_NEXT : VERB_SEND;
        taken = enter(self, greenlet, caller, track, detail, verb);
    }
    Py_DECREF(sent);
    Py_DECREF(caller);
    Py_DECREF(greenlet);
    Py_DECREF(track);
    return taken < 0 ? LineHooks_handle_error(self) : taken;
}

/* Writes the detail of a yield: its location and value; returns -1 with an exception set if it
   can't. */
static int
write_yield_detail(LineHooks *self, Track *track, PyFrameObject *frame, PyCodeObject *code,
                   PyObject *value, uint32_t *detail)
{
    Lines *lines = self->lines;
    Facts *facts = Facts_of(lines, code);
    uint32_t location;
    if (facts == NULL || location_of_call(lines, facts, frame, &location) < 0) {
        return -1;
    }
    return write_detail_with(self, track, location, value, detail);
}

/* Takes a generator off its greenlet. The caller of this function holds all three. */
static int
leave(LineHooks *self, Track *greenlet, Track *caller, Track *track, uint32_t detail)
{
    Py_ssize_t outer = PyList_GET_SIZE(greenlet->generators) - 1;
    PyObject *list = outer == 0 ? Py_NewRef(self->none)
                                : PyList_GetSlice(greenlet->generators, 0, outer);
    if (list == NULL) {
        return -1;
    }
    if (Track_innermost(greenlet) != track || PyList_GET_SIZE(greenlet->generators) != outer + 1
        || !Steps_has_room(self->fast_path->steps)) {
        Py_DECREF(list);
        return 0;
    }
    write_switch(self, track, caller, detail, VERB_YIELD);
    Py_CLEAR(track->owner);
    Py_SETREF(greenlet->generators, list);
    return 1;
}

int
LineHooks_on_yield(LineHooks *self, PyFrameObject *frame, PyCodeObject *code, PyObject *value)
{
    Track *track = track_of(self, frame), *greenlet = LineHooks_greenlet(self);
    if (track == NULL || greenlet == NULL || Track_innermost(greenlet) != track
        || track->owner != (PyObject *)greenlet || track->raised || track->caller == NULL
        || !PyObject_TypeCheck(track->caller, &Track_Type)
        || LineHooks_may_stop(self) || !Steps_has_room(self->fast_path->steps)) {
        return 0;
    }
    Track *caller = (Track *)Py_NewRef(track->caller);
    Py_INCREF(track);
    Py_INCREF(greenlet);
    uint32_t detail;
    int taken = write_yield_detail(self, track, frame, code, value, &detail);
    if (taken == 0) {
        taken = leave(self, greenlet, caller, track, detail);
    }
    Py_DECREF(greenlet);
    Py_DECREF(track);
    Py_DECREF(caller);
    return taken < 0 ? LineHooks_handle_error(self) : taken;
}
