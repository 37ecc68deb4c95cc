/* What is known of the frames whose lines are recorded. */

#ifndef COROPLAY_LINES_H
#define COROPLAY_LINES_H

#include "accelerator.h"
#include "map.h"

/* A piece of one of the recording's files that nobody else writes to. */
typedef struct {
    PyObject *reserve;  /* a Python function: a new piece of at least so many bytes, and the
                           reference of its first entry */
    PyObject *add;      /* a Python function that writes a text too large for a piece, or NULL */
    Py_buffer mapped;   /* `mapped.obj` is NULL when there is none */
    size_t used;
    uint32_t first;
} Piece;

/* Text that is put together piece by piece. */
typedef struct {
    char *data;
    size_t used;
    size_t room;
    char small[512];
} Text;

/* What the frames of one function have in common. */
typedef struct {
    PyObject_HEAD
    PyCodeObject *code;
    Py_ssize_t count;     /* how many lines there are in the two tables below */
    uint32_t *locations;  /* by line from the function's first on; 0 where it is not known yet */
    uint32_t *firsts;     /* the same of details in frames that had no variables yet */
    uint32_t *calls;      /* locations by instruction, of calls and yields; NULL: none is known */
    uint8_t *verbs;       /* by instruction, how it makes a generator go on; 0 where it is not known,
                             or that is no matter of the instruction alone; NULL: nowhere */
} Facts;

/* The details of lines that followed upon the last change without one, the latest of them. */
#define MOST_UNCHANGED 32
typedef struct {
    int line;
    uint32_t detail;
} Unchanged;

/* What is known of one variable: see Snapshot in coroplay/probe/inspect/frames.py. */
typedef struct {
    PyObject *fingerprint;   /* NULL: it has no value */
    PyObject *shown;  /* NULL: as the whole number `fingerprint` is written */
} Variable;

typedef struct {
    PyObject_VAR_HEAD
    Facts *facts;
    uint32_t detail;
    uint32_t links;
    unsigned unchanged;
    Unchanged details[MOST_UNCHANGED];
    Variable variables[1];
} Snapshot;

/* The counterpart of Lines in coroplay/probe/lines.py, for the frames of functions. */
typedef struct {
    PyObject_HEAD
    PyObject *in_python;     /* `detail` of the Lines in Python, for frames of modules and classes */
    PyObject *forget;        /* its `forget` */
    PyObject *locate;        /* gives the location of a line of some code */
    PyObject *locate_call;   /* and of what a frame has under way */
    PyObject *short_;        /* coroplay.probe.inspect.values.short */
    PyObject *fingerprint;       /* coroplay.probe.inspect.fingerprints.fingerprint */
    PyObject *matches;  /* and what else that module has */
    PyObject *no_fingerprint;
    PyObject *object_sort;
    PyObject *coroutine_sort;
    PyObject *is;            /* operator.is_ */
    PyObject *hidden;        /* the fingerprint of a variable that is not shown */
    PyObject *name;          /* gives the name of a coroutine */
    Map facts;               /* codes, to their Facts, owned */
    Map snapshots;           /* frames, not owned, to their Snapshots, owned */
    long long budget;        /* how many more lines are recorded */
    Piece texts;
    Piece details;
} Lines;

extern PyTypeObject Lines_Type, Facts_Type, Snapshot_Type;

/* The location of a line that is about to run in a function, and its detail; -1 with an exception
   set. */
int Lines_find(Lines *self, PyFrameObject *frame, PyCodeObject *code, int line,
               uint32_t *location, uint32_t *detail);
/* A frame begins or ends: what is known of one at that address is void. */
void Lines_leave(Lines *self, PyFrameObject *frame);

/* Whether that code is the person's own, and has been met here. */
static inline int
Lines_knows(const Lines *self, const PyCodeObject *code)
{
    return Map_find(&self->facts, code) != NULL;
}

/* Of functions (facts.c); the numbers: -1 with an exception set. */
/* Borrowed; its code is kept, so that its address stays its own. */
Facts *Facts_of(Lines *self, PyCodeObject *code);
/* Where the line stands in the tables, which have room for it; -1, without one, if it can't. */
Py_ssize_t Facts_row(Facts *facts, int line);
int location_of_line(Lines *self, Facts *facts, int line, uint32_t *location);
/* Of the call or yield that a frame has under way. */
int location_of_call(Lines *self, Facts *facts, PyFrameObject *frame, uint32_t *location);
/* What the frame has under way makes a generator go on, by that verb; -1 with an exception set. */
int Facts_learn_verb(Lines *self, PyFrameObject *frame, unsigned verb);
/* By which verb an instruction makes a generator go on, and its location; 0: it is not known. */
unsigned Facts_verb(const Facts *facts, int at, uint32_t *location);

/* Writing (writing.c). */
void Text_begin(Text *text);
void Text_end(Text *text);
int Text_add(Text *text, const char *data, size_t size);
int Text_add_object(Text *text, PyObject *words);
int Text_add_variable(Text *text, PyObject *name, const Variable *variable);
int write_text(Piece *texts, const Text *text, uint32_t *reference);
int write_detail(Piece *details, uint32_t previous, uint32_t location, uint32_t text,
                 uint32_t whole, uint32_t *reference);
void Piece_release(Piece *piece);

int Text_add_number(Text *text, PyObject *number);

/* Looking (fingerprints.c): 1, 0, or -1 with an exception set. */
int matches(Lines *self, PyObject *taken, PyObject *value);
/* Adds the value in short. */
int Text_add_value(Lines *self, Text *text, PyObject *value);
int find_changes(Lines *self, Snapshot *snapshot, PyFrameObject *frame, Text *changed);
PyObject *read_variables(PyObject *module, PyObject *frame);

#endif
