"""What all tests share: none reads or changes the settings of the person who runs them."""

import signal

import pytest

XDG_FOLDERS = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
PERSONAL = (
    "COROPLAY_LESSONS",
    "COROPLAY_RECORDINGS_LIMIT",
    "FORCE_COLOR",
    "NO_COLOR",
    "PYTHONPATH",
)


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives the test, and every child it starts, user folders of its own."""
    home = tmp_path_factory.mktemp("home")
    for name in XDG_FOLDERS:
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in PERSONAL:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True, scope="session")
def usual_signals() -> None:
    """Ctrl-C and a hangup reach programs, also where the tests run in the background without."""
    for number, usual in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGHUP, signal.SIG_DFL),
    ):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)
