"""What a user of the package gets: exactly these files, with prompts and seeds inside."""

import subprocess
import sys
import zipfile
from pathlib import Path

from selfinstruct.system.files import PACKAGE, bundled

ROOT = PACKAGE.parent


def test_the_wheel_holds_the_package_its_prompts_and_its_seeds_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    code = {f"selfinstruct/{path.relative_to(PACKAGE)}" for path in PACKAGE.rglob("*.py")}
    code |= {"selfinstruct/py.typed", "selfinstruct/teacher/billing/prices.toml"}
    code |= {"selfinstruct/reports/run/page.css", "selfinstruct/reports/run/page.js"}
    code |= {f"selfinstruct/reports/diff/{name}" for name in ("page.css", "page.js", "pull_request.yml")}
    data = {
        f"selfinstruct/_data/{path.relative_to(ROOT)}"
        for folder in ("prompts", "seed_tasks")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert names == code | data | {"selfinstruct/_data/selfinstruct.toml"}


def test_what_ships_is_found_in_a_checkout() -> None:
    assert (bundled("prompts") / "zh" / "answer.txt").is_file()
    assert (bundled("seed_tasks") / "en.jsonl").is_file()
