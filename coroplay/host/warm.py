"""A child kept warm: it has loaded the probe and waits, so that the next program starts at once."""

from __future__ import annotations

from coroplay.host.child import Child
from coroplay.host.launch import Launch, waiting_command
from coroplay.host.process import APP, Process, StartError
from coroplay.trace import wire


class Warm:
    """Starts programs for a host that keeps the terminal, out of the waiting child if it can.

    The waiting child has been started as any other is and has loaded what any other loads first; it
    is told what to run instead of reading it from its command line, and serves one run.
    """

    def __init__(self) -> None:
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the child that waits."""
        return None if self._process is None else self._process.popen.pid

    def prepare(self) -> None:
        """Have a child wait, unless one does. Where none can be started, the next run tells."""
        if self._process is not None and self._process.popen.poll() is None:
            return
        self.close()
        try:
            self._process = Process.start(_command, APP, control=True)
        except StartError:
            self._process = None

    def start(self, launch: Launch) -> Child:
        """Start a program. Raises StartError."""
        process, self._process = self._process, None
        if process is None:
            return Child.start(launch, APP)
        if _told(process, launch):
            return Child(launch, process)
        process.end()
        return Child.start(launch, APP)

    def close(self) -> None:
        """End the child that waits."""
        process, self._process = self._process, None
        if process is not None:
            process.end()


def _command(control: int | None) -> list[str]:
    assert control is not None
    return waiting_command(control)


def _told(process: Process, launch: Launch) -> bool:
    """Whether the waiting child could be told to run that."""
    if not launch.control or launch.environment is not None or launch.directory is not None:
        return False
    assert process.channel is not None
    message = wire.encode({"launch": launch.for_probe()})
    if len(message) > wire.LONGEST_LAUNCH or process.popen.poll() is not None:
        return False
    try:
        return process.channel.send(message) == len(message)
    except OSError:
        return False
