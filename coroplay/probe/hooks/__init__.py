"""The hooks: what the interpreter, greenlet, gevent and the streams call while the program runs."""
