"""The sentence that says what a step does."""

from __future__ import annotations

from pathlib import Path

from coroplay.trace import How, Recording, Switch
from coroplay.trace.view import Role, explain
from tests.support.writing import busy
from tests.unit.view.lessons import Lessons
from tests.unit.view.shared import sentences


def test_a_value_sent_into_a_generator(lessons: Lessons) -> None:
    assert (
        "producer sends 1 into consumer, which goes on from its yield on line 23. "
        "producer is suspended at line 14 until consumer answers."
    ) in sentences(lessons["yield"])


def test_a_value_yielded(lessons: Lessons) -> None:
    assert (
        "consumer yields '200 OK' and is suspended at line 23; producer goes on at line 14."
    ) in sentences(lessons["yield"])


def test_fragments_tell_coroutines_and_values_from_words(lessons: Lessons) -> None:
    recording = lessons["yield"]
    [at] = [i for i, text in enumerate(sentences(recording)) if " sends 1 into" in text]
    fragments = explain(recording, at).fragments
    assert [part.coroutine for part in fragments if part.role is Role.COROUTINE] == [1, 2, 1]
    assert [part.text for part in fragments if part.role is Role.VALUE] == ["1"]
    assert [part.text for part in fragments if part.role is Role.CODE] == ["yield"]


def test_a_closed_generator(lessons: Lessons) -> None:
    said = sentences(lessons["yield"])
    assert any("closes consumer: its yield on line 23 raises GeneratorExit" in s for s in said)
    assert "consumer ends at line 23: it was closed, and will not go on." in said


def test_switches_between_greenlets_and_the_way_back_to_the_parent(lessons: Lessons) -> None:
    said = sentences(lessons["greenlet"])
    assert (
        "main starts eat with 'Lyon'. main is suspended at line 20 until somebody switches back."
    ) in said
    assert (
        "play switches to eat, which goes on at line 8. "
        "play is suspended at line 14 until somebody switches back."
    ) in said
    assert (
        "eat has ended; control goes to its parent main, which goes on at line 20."
    ) in said  # fmt: skip


def test_waiting_and_waking_go_by_way_of_the_hub(lessons: Lessons) -> None:
    said = sentences(lessons["basics"])
    cook = next(s for s in said if s.startswith("cook waits"))
    assert cook == "cook waits for its sleep of 0.2 s to end; the hub looks for who can go on."
    assert "main waits for cook to end; the hub looks for who can go on." in said
    assert any(s.startswith("The hub wakes cook, whose sleep of 0.") for s in said)
    assert "The hub starts cook, whose turn has come." in said


def test_failures_kills_throws_and_returned_values(lessons: Lessons) -> None:
    said = sentences(
        lessons.of("""
            from greenlet import greenlet
            import gevent

            def fails():
                raise ValueError("no soup")

            def counts():
                got = yield 1
                return 7

            def sleeps():
                gevent.sleep(60)

            try:
                greenlet(fails).switch()
            except ValueError:
                pass
            numbers = counts()
            next(numbers)
            for rest in numbers:
                pass
            sleeper = gevent.spawn(sleeps)
            gevent.sleep(0)
            sleeper.kill()
        """)
    )
    assert "fails fails at line 5: ValueError('no soup')." in said
    assert "fails has failed; ValueError('no soup') is raised in main at line 15." in said
    assert "counts returns 7 and is finished: StopIteration(7) takes it to the caller." in said
    assert (
        "main asks counts for its next value, which goes on from its yield on line 8. "
        "main is suspended at line 20 until counts answers."
    ) in said
    assert "The hub kills sleeps: GreenletExit is raised in it at line 12." in said
    assert "sleeps was killed at line 12, and is finished." in said


def test_output_is_told_by_stream_and_without_its_line_end(lessons: Lessons) -> None:
    said = sentences(
        lessons.of("import sys\nprint('one')\nprint()\nprint('two', file=sys.stderr)\n")
    )
    assert "main prints “one”." in said
    assert "main prints an empty line." in said
    assert "main writes “two” to standard error." in said


def test_a_line_tells_what_changed_and_which_function_one_is_in(lessons: Lessons) -> None:
    said = sentences(lessons["yield"])
    assert "producer is about to run line 12. n is now 1." in said
    assert any(s.startswith("producer is about to run line 8.") for s in said)
    assert any("producer, now in arguments, is about to run line 30." in s for s in said)
    assert any("back in the main part of the program" in s for s in said)


def test_every_step_of_every_lesson_has_a_sentence(lessons: Lessons) -> None:
    for name in ("yield", "greenlet", "basics", "queue"):
        for text in sentences(lessons[name]):
            assert text.endswith(".")
            assert text[0] != " "
            assert "  " not in text
            assert text.isprintable()


def test_every_way_of_a_switch_has_a_sentence(tmp_path: Path) -> None:
    with Recording(busy().save(tmp_path)) as recording:
        assert {step.how for step in recording if isinstance(step, Switch)} >= set(How) - {
            How.RETURN
        }
        for text in sentences(recording):
            assert text.endswith(".")
            assert "  " not in text
            assert text.isprintable()


def test_a_thread_is_not_taken_for_the_program(lessons: Lessons) -> None:
    said = sentences(
        lessons.of("""
            import threading
            from greenlet import greenlet
            def work():
                greenlet(lambda: None).switch()
            other = threading.Thread(target=work)
            other.start()
            other.join()
        """)
    )
    assert sum(text.startswith("The program starts.") for text in said) == 1
    assert any(text.startswith("A thread starts, ") for text in said)


def test_a_greenlet_that_raises_greenlet_exit_itself_is_not_told_to_be_killed(
    lessons: Lessons,
) -> None:
    said = sentences(
        lessons.of("""
            from greenlet import greenlet, GreenletExit

            def leaves():
                raise GreenletExit(5)

            greenlet(leaves).switch()
        """)
    )
    assert (
        "leaves raised GreenletExit(5) itself at line 4, and is finished: this exception counts as"
        " a result, not as a failure."
    ) in said
