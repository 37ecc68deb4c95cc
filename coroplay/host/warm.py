"""A child that has loaded the probe and waits, so that the next program starts at once."""

from __future__ import annotations

from coroplay.host.child import Child
from coroplay.host.launch import Launch, waiting_command
from coroplay.host.process import APP, Process, StartError
from coroplay.trace import wire


class Warm:
    """Starter of programs for a host that keeps the terminal; uses a waiting child if it can.

    The waiting child is started like any other and has loaded what every child loads first. The
    program to run is sent to it instead of standing on its command line. It serves one run.
    """

    def __init__(self) -> None:
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the waiting child; None if there is none."""
        return None if self._process is None else self._process.popen.pid

    def prepare(self) -> None:
        """Start a waiting child unless there is one. If that fails, the next run will say so."""
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
        if _sent(process, launch):
            return Child(launch, process)
        process.end()
        return Child.start(launch, APP)

    def close(self) -> None:
        """End the waiting child."""
        process, self._process = self._process, None
        if process is not None:
            process.end()


def _command(control: int | None) -> list[str]:
    assert control is not None
    return waiting_command(control)


def _sent(process: Process, launch: Launch) -> bool:
    """Send the waiting child the program to run; False if it can't be sent."""
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
