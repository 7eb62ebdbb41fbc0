"""ROBOT, the OWL API's command line, fetched once from the Maven repository into `.cache`."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.without import do_without

ROOT: Final = Path(__file__).resolve().parents[2]
VERSION: Final = "1.9.8"
CACHE: Final = ROOT / ".cache" / f"robot-{VERSION}"
MAIN: Final = "org.obolibrary.robot.CommandLineInterface"
POM: Final = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>entente</groupId><artifactId>owl-tools</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>org.obolibrary.robot</groupId><artifactId>robot-command</artifactId>
    <version>{VERSION}</version>
  </dependency></dependencies>
</project>
"""


@dataclass(frozen=True)
class Robot:
    """An installed ROBOT."""

    libraries: Path

    def run(self, *arguments: str, folder: Path, seconds: float = 100.0) -> None:
        """Run a chain of commands; what it prints becomes the assertion's message."""
        done = subprocess.run(
            ["java", "-cp", f"{self.libraries}/*", MAIN, *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def find_robot() -> Robot:
    """Find ROBOT or fetch it; without Java or Maven the test is skipped, but never in CI."""
    libraries = CACHE / "lib"
    if not (CACHE / "complete").exists():
        if shutil.which("mvn") is None:
            do_without("Maven")
        fetched = _fetch(libraries)
        if fetched.returncode != 0:
            do_without(f"ROBOT, which Maven could not fetch:\n{fetched.stdout[-2000:]}")
        (CACHE / "complete").touch()
    if shutil.which("java") is None:
        do_without("Java")
    return Robot(libraries)


def _fetch(libraries: Path) -> subprocess.CompletedProcess[str]:
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "pom.xml").write_text(POM, encoding="utf-8")
    return subprocess.run(
        ["mvn", "-B", "-q", "dependency:copy-dependencies", f"-DoutputDirectory={libraries}"],
        cwd=CACHE,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
