"""The timeline: a lane for each coroutine, over one axis of time.

`order` says which lane is whose, `viewport` which time is shown, `axis` labels it. `lanes` draws
with `boxes`: a short stretch exactly, from `lane_histories`, a long one from `samples`, which keep
`compact_states`.
"""
