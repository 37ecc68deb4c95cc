/* The call of `switch` or `throw` that is about to pass control between greenlets. */

#ifndef COROPLAY_REQUESTS_H
#define COROPLAY_REQUESTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Nothing is owned: the call that is under way holds it all, and forgets the request when it
   returns. */
typedef struct {
    PyObject *greenlet;    /* whose method was called */
    PyObject *args;        /* NULL: there is no request */
    PyObject *named;       /* may be NULL */
    int throws;
} Request;

/* The latest request of the thread, until a switch has been recorded that came of it. */
extern _Thread_local Request latest_request;

static inline void
forget_request(void)
{
    latest_request.args = NULL;
}

/* Replaces the functions behind greenlet's methods, once: a function of the module. */
PyObject *watch_requests(PyObject *module, PyObject *args);

/* Returns and forgets the request of this thread, if there is one: a function of the module. */
PyObject *take_request(PyObject *module, PyObject *nothing);

#endif
