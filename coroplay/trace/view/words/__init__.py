"""A recording's steps and states in words.

`phrases` has all templates, those for endings in `end_phrases` and for waits in `wait_phrases`;
`sentence` fills them in, `limits` cut the values. `names` shorten the
names of coroutines, `waits` describe the things waited for. A `moment` is one step with the states
around it; `explain` and `explain_switch` say what it does,
`describe_state` how a coroutine stands after it.
"""
