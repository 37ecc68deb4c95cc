"""The stretch of time that is shown."""

from __future__ import annotations

from coroplay.trace.view.timeline.viewport import Viewport


def test_a_viewport_shows_all_until_it_is_zoomed_into() -> None:
    view = Viewport()
    now = view.window(10_000_000_000, 100, growing=False)
    assert now.start_ns == 0
    assert now.span_ns > 10_000_000_000
    view.zoom(now, 4_000_000_000, 10_000_000_000, closer=True)
    closer = view.window(10_000_000_000, 100, growing=False)
    assert closer.span_ns == now.span_ns // 2
    assert abs(closer.column(4_000_000_000) - now.column(4_000_000_000)) <= 1
    view.pan(closer, 10, 10_000_000_000)
    later = view.window(10_000_000_000, 100, growing=False)
    assert later.start_ns <= 10_000_000_000
    view.keep_in_sight(0)
    assert view.window(10_000_000_000, 100, growing=False).start_ns == 0
    view.zoom(closer, 0, 10_000_000_000, closer=False)
    assert view.fits


def test_a_growing_recording_is_shown_in_leaps() -> None:
    spans = {Viewport().window(t * 10_000_000, 80, growing=True).span_ns for t in range(1, 500)}
    assert len(spans) < 12
