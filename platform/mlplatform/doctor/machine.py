"""What this machine has: tools, packages of the clouds, and logins, of which only the presence is said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from mlplatform import discovery
from mlplatform.components.live_account import DoctorFinding, DoctorWord
from mlplatform.components.names import layers_of
from mlplatform.components.tools import CloudTools, LoginPlaces, NamesTools, Tool
from mlplatform.fast.cache_folder import CACHE_VARIABLE, cache_folder, folder_size, own_folder
from mlplatform.rehearse.engine import OLDEST
from mlplatform.spec.platform import PlatformSpec

Run = Callable[[Sequence[str]], str | None]
"""Runs a command; its output, or None where it is not there or does not answer."""

_ASKED_SECONDS = 20
"""A command that only says its version and takes longer hangs."""


PULUMI = Tool(
    name="pulumi",
    version=("version",),
    least=OLDEST,
    use="`pulumi preview`, `pulumi up`, `mlplatform rehearse`",
    needed=True,
    get="https://www.pulumi.com/docs/install/",
)
GIT = Tool(
    name="git",
    version=("--version",),
    use="reviews against another revision, the provenance of a plan",
    get="https://git-scm.com/downloads",
)
KUBECTL = Tool(
    name="kubectl",
    version=("version", "--client"),
    use="people in the cluster, `mlplatform releases` of endpoints on the cluster",
    get="https://kubernetes.io/docs/tasks/tools/",
)
HELM = Tool(
    name="helm",
    version=("version", "--short"),
    use="plans that show what is inside a chart",
    get="https://helm.sh/docs/intro/install/",
)


def run_quietly(command: Sequence[str]) -> str | None:
    """Run a command that only says something; its output, or None where it is not there or does not answer."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, timeout=_ASKED_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout or done.stderr if done.returncode == 0 else None


def examine_machine(
    spec: PlatformSpec | None,
    *,
    targets: Sequence[str] = (),
    run: Run = run_quietly,
    environment: Mapping[str, str] = os.environ,
    home: Path | None = None,
) -> Iterator[DoctorFinding]:
    """Everything that can be said of this machine.

    Args:
        spec: what is to be run from here. None: every cloud that is installed, without saying what is needed.
        targets: names of the spec's targets to look for. Omitted: all.
        run: runs a command. Omitted: as a process.
        environment: variables, of which only the presence is said. Omitted: those of this process.
        home: the home folder. Omitted: the user's.
    """
    wanted = [each for each in spec.targets if not targets or each.name in targets] if spec else []
    clouds = tuple(dict.fromkeys(each.cloud for each in wanted)) if spec else discovery.clouds()
    layered = spec is not None and "cluster" in layers_of(spec)
    yield _python()
    yield _cache()
    named = _named(clouds)
    for tool in _tools(named.values(), layered=layered):
        yield _tool(tool, run)
    for cloud in clouds:
        yield from _packages(cloud, layered=layered)
    yield _state(environment, home or Path.home())
    for cloud, tools in named.items():
        yield _login(cloud, tools.login, environment, home or Path.home())


def _named(clouds: Iterable[str]) -> dict[str, CloudTools]:
    """The tools of each cloud whose package names any."""
    found: dict[str, CloudTools] = {}
    for cloud in clouds:
        with suppress(NotImplementedError):
            found[cloud] = discovery.backend(cloud).load(NamesTools)()
    return found


def _tools(clouds: Iterable[CloudTools], *, layered: bool) -> tuple[Tool, ...]:
    named = tuple(clouds)
    own = tuple(each.command_line for each in named)
    if not layered:
        return PULUMI, GIT, *own
    return PULUMI, GIT, *own, *(each.cluster_login for each in named if each.cluster_login), KUBECTL, HELM


def _python() -> DoctorFinding:
    # an older Python cannot read this file
    version = ".".join(map(str, sys.version_info[:3]))
    return DoctorFinding(area="tools", subject="python", word="ok", found=f"{version}, {sys.executable}")


def _cache() -> DoctorFinding:
    """The folder in which commands keep what they found for later ones."""
    folder = cache_folder()
    if folder is None:
        return DoctorFinding(area="tools", subject="cache", word="ok", found="switched off")
    if os.path.isdir(folder) and not own_folder(folder):
        found = f"{folder} belongs to another user, or others may write to it; commands take longer"
        fix = f"allow only yourself to write to it, or name another folder in {CACHE_VARIABLE}"
        return DoctorFinding(area="tools", subject="cache", word="look", found=found, fix=fix)
    found = f"{folder}, {folder_size(folder) / 1e6:.0f} MB; it may be deleted"
    return DoctorFinding(area="tools", subject="cache", word="ok", found=found)


def _tool(tool: Tool, run: Run) -> DoctorFinding:
    word: DoctorWord = "missing" if tool.needed else "look"
    place = shutil.which(tool.name) if run is run_quietly else tool.name
    said = run((tool.name, *tool.version)) if place else None
    if said is None:
        found = f"not on PATH; {tool.use} need it" if not place else f"{place} does not say its version"
        return DoctorFinding(area="tools", subject=tool.name, word=word, found=found, fix=f"install it: {tool.get}")
    number = re.search(r"\d+(?:\.\d+)+", said)
    version = number[0] if number else ""
    if tool.least and tuple(map(int, version.split(".")[: len(tool.least)] if version else ())) < tool.least:
        least = ".".join(map(str, tool.least))
        found = f"{version or 'no version'}; {tool.use} need {least}"
        return DoctorFinding(area="tools", subject=tool.name, word=word, found=found, fix=f"upgrade it: {tool.get}")
    return DoctorFinding(area="tools", subject=tool.name, word="ok", found=version or "there")


def _packages(cloud: str, *, layered: bool) -> Iterator[DoctorFinding]:
    sdks = (*discovery.backend(cloud).sdks, *(("pulumi_kubernetes",) if layered else ()))
    for sdk in sdks:
        name = sdk.replace("_", "-")
        extra = "kubernetes" if sdk == "pulumi_kubernetes" else cloud
        wanted = _wanted(name)
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = f"not installed; plans of {cloud} need it"
            fix = f"install the extra `{extra}` of mlplatform"
            yield DoctorFinding(area="packages", subject=name, word="missing", found=found, fix=fix)
            continue
        if wanted and not _within(version, wanted):
            found, fix = f"{version}; this mlplatform is tested with {wanted}", f"install `{name}{wanted}`"
            yield DoctorFinding(area="packages", subject=name, word="missing", found=found, fix=fix)
        else:
            yield DoctorFinding(area="packages", subject=name, word="ok", found=version)


def _wanted(name: str) -> str:
    """The range of versions that the installed mlplatform names for a package; empty where it names none."""
    try:
        requirements = metadata.requires("mlplatform") or []
    except metadata.PackageNotFoundError:
        return ""
    for each in requirements:
        found = re.match(rf"{re.escape(name)}\s*(?P<range>[<>=!~0-9.,* ]+)", each)
        if found:
            return found["range"].strip()
    return ""


def _within(version: str, wanted: str) -> bool:
    """Whether a release is in a range of `>=` and `<`, the only forms that the package writes."""
    release = _numbers(version)
    for part in wanted.split(","):
        bound = _numbers(part)
        if part.strip().startswith(">=") and release < bound:
            return False
        if part.strip().startswith("<") and release >= bound:
            return False
    return True


def _numbers(text: str) -> tuple[int, ...]:
    found = re.search(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, found[0].split("."))) if found else ()


def _state(environment: Mapping[str, str], home: Path) -> DoctorFinding:
    """Whether Pulumi knows where the states are, and has what opens their secrets."""
    named = next((name for name in ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN") if environment.get(name)), "")
    folder = Path(environment.get("PULUMI_HOME") or home / ".pulumi")
    if named or (folder / "credentials.json").is_file():
        found = f"{named} is set" if named else "logged in"
        return DoctorFinding(area="logins", subject="the state's place", word="ok", found=found)
    return DoctorFinding(
        area="logins",
        subject="the state's place",
        word="missing",
        found="`pulumi` is not logged in to where states are kept",
        fix="`pulumi login URL`: `mlplatform bootstrap SPEC` prints the URL of its own",
    )


def _login(cloud: str, places: LoginPlaces, environment: Mapping[str, str], home: Path) -> DoctorFinding:
    found = [f"{name} is set" for name in places.variables if environment.get(name)]
    found += [f"~/{file} is there" for file in places.files if (home / file).is_file()]
    if found:
        words = f"{', '.join(found)}; `--live` asks whether it is valid"
        return DoctorFinding(area="logins", subject=f"a login to {cloud}", word="ok", found=words)
    return DoctorFinding(
        area="logins",
        subject=f"a login to {cloud}",
        word="missing",
        found="none found",
        fix=f"log in: {places.command}",
    )
