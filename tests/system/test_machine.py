"""Limits of a container, a folder that is not there yet, and accelerators that are missing or broken."""

from pathlib import Path

import pytest

from selfinstruct.system.machine import cpu_quota, memory, nvidia_smi, room, torch_sees

MEMINFO = "MemTotal:       2048 kB\nMemFree: 1 kB\nMemAvailable:   1024 kB\n"


@pytest.fixture
def meminfo(tmp_path: Path) -> Path:
    path = tmp_path / "meminfo"
    path.write_text(MEMINFO, encoding="ascii")
    return path


@pytest.mark.parametrize(("text", "cores"), [("150000 100000\n", 1.5), ("max 100000\n", None), ("", None)])
def test_a_container_may_have_less_than_its_cores(tmp_path: Path, text: str, cores: float | None) -> None:
    (tmp_path / "cpu.max").write_text(text, encoding="ascii")
    assert cpu_quota(tmp_path) == cores


def test_the_memory_of_a_container_is_its_limit(tmp_path: Path, meminfo: Path) -> None:
    assert memory(tmp_path, meminfo) == (2048 * 1024, 1024 * 1024)
    (tmp_path / "memory.max").write_text("1000000\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("400000\n", encoding="ascii")
    assert memory(tmp_path, meminfo) == (1_000_000, 600_000)
    assert memory(tmp_path / "none", tmp_path / "none") == (None, None)


def test_a_folder_that_is_not_there_has_the_room_of_the_one_above(tmp_path: Path) -> None:
    found = room(tmp_path / "a" / "b")
    assert (found.exists, found.writable, found.free > 0) == (False, True, True)


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        ("echo 'Card, 80 GiB, 550.1'", ["Card, 80 GiB, 550.1"]),
        ("echo 'Failed to talk to the driver'; exit 9", ["Failed to talk to the driver"]),
    ],
)
def test_nvidia_smi_is_quoted_also_where_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, lines: list[str]
) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nvidia_smi() == lines
    program.unlink()
    assert nvidia_smi() is None


@pytest.mark.parametrize(
    ("module", "fault"),
    [("raise OSError('libcudart.so.12: cannot open')", "libcudart.so.12"), ("import os; os._exit(3)", "exit 3")],
)
def test_a_torch_that_cannot_be_loaded_ends_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, fault: str
) -> None:
    (tmp_path / "torch.py").write_text(module, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = torch_sees()
    assert found is not None
    assert fault in str(found["fault"])
