/* The facts that C shares with Python: the recording's format (coroplay/trace/layout.py), and the
   limits of values that are shown. tests/unit/test_native_layout.py compares each with Python's. */

#ifndef COROPLAY_LAYOUT_H
#define COROPLAY_LAYOUT_H

/* coroplay/trace/layout.py */
#define HEADER_SIZE 512
#define STEP_SIZE 16
#define DETAIL_SIZE 16
#define SUMMARY_ENTRY_SIZE 16
#define LENGTH_SIZE 4
#define TEXT_ALIGNMENT 8
#define TIME_BITS 52
#define SNAPSHOT_EVERY 32
#define UNIT_SEPARATOR "\x1f"
#define RECORD_SEPARATOR "\x1e"

#define VERB_LINE 2
#define VERB_NEXT 17
#define VERB_SEND 18
#define VERB_YIELD 19
#define VERB_SWITCH 20
#define VERB_WAIT 24
#define VERB_WAKE 25

#define SUMMARY_STATUS_READY 1
#define SUMMARY_STATUS_RUNNING 2
#define SUMMARY_STATUS_SUSPENDED 3

/* coroplay/probe/files/windows.py */
#define WINDOW_BITS 18

/* coroplay/probe/inspect/values.py and fingerprints.py */
#define MOST_ITEMS 8
#define LONGEST_TEXT 60
#define LONGEST_KEPT 256

#endif
