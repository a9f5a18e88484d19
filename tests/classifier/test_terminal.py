"""How every command ends: an exit code, and one line for a person."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator

import pytest
import typer

from classifier.errors import ClarionError, MissingExtraError, UnknownProfileError
from classifier.terminal import needs, progress, put_off_interruptions, run


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def ends(command: Callable[[], object], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Exit code of a program with one command."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(command)
    monkeypatch.setattr(sys, "argv", ["clarion", *arguments])
    with pytest.raises(SystemExit) as end:
        run(app)
    assert isinstance(end.value.code, int)
    return end.value.code


def raising(fault: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise fault

    return command


@pytest.mark.parametrize(
    ("fault", "code", "message"),
    [
        (ClarionError("a.csv: no such thing; do this"), 2, "clarion: a.csv: no such thing; do this\n"),
        (UnknownProfileError("loud", ("a", "b")), 2, "clarion: unknown profile 'loud'; this bundle has: a, b\n"),
        (KeyboardInterrupt(), 130, "clarion: interrupted; nothing half-written was left\n"),
        (typer.Exit(1), 1, ""),
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
        (
            KeyError("a secret"),
            3,
            "clarion: our own fault: KeyError: set CLARION_DEBUG=1 for the details and report them\n",
        ),
        (
            OSError(5, "odd"),
            3,
            "clarion: our own fault: OSError: set CLARION_DEBUG=1 for the details and report them\n",
        ),
    ],
)
def test_a_fault_ends_in_its_code_and_one_line(
    fault: BaseException, code: int, message: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CLARION_DEBUG", raising=False)
    assert ends(raising(fault), monkeypatch) == code
    assert capfd.readouterr() == ("", message)


def test_our_own_fault_is_shown_whole_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLARION_DEBUG", "1")
    with pytest.raises(KeyError, match="details"):
        ends(raising(KeyError("details")), monkeypatch)


def test_a_command_that_is_done_ends_in_0_and_a_wrong_call_in_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(lambda: None, monkeypatch) == 0
    assert ends(lambda: None, monkeypatch, "--frobnicate") == 2
    assert "No such option: --frobnicate" in capsys.readouterr().err


def test_the_systems_request_to_end_is_an_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        signal.raise_signal(signal.SIGTERM)

    assert ends(command, monkeypatch) == 130
    assert "interrupted" in capsys.readouterr().err


def test_a_missing_library_is_answered_with_the_words_that_install_it() -> None:
    with (
        pytest.raises(MissingExtraError, match=r'needs frobnicate, .* type: pip install "clarion\[files\]"'),
        needs("files"),
    ):
        import frobnicate.inner  # type: ignore[import-not-found]  # noqa: F401


def test_a_missing_module_of_our_own_is_our_own_fault() -> None:
    with pytest.raises(ModuleNotFoundError), needs("files"):
        import classifier.frobnicate  # type: ignore[import-not-found]  # noqa: F401


def test_progress_passes_the_steps_on_and_is_silent_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(progress([(1, 2), (2, 2)], "scoring")) == [(1, 2), (2, 2)]
    assert capsys.readouterr() == ("", "")


def test_progress_is_drawn_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert list(progress([(1, 2), (2, 2)], "scoring")) == [(1, 2), (2, 2)]
    out, err = capsys.readouterr()
    assert out == ""
    assert "scoring" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_that_is_put_off_comes_at_the_end(number: signal.Signals) -> None:
    before, done = signal.getsignal(number), []

    def work() -> None:
        with put_off_interruptions():
            signal.raise_signal(number)
            done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of it"]
    assert signal.getsignal(number) is before


def test_putting_off_interruptions_that_do_not_come_changes_nothing() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyError), put_off_interruptions():
        raise KeyError
    assert signal.getsignal(signal.SIGINT) is before
