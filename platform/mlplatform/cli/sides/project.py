"""A new project: from the options of `mlplatform init`, or from answers at the terminal."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import click

from mlplatform import discovery
from mlplatform.catalog.region_names import likeliest
from mlplatform.cli.sides.clouds import known_clouds
from mlplatform.fast.record import record
from mlplatform.render.project.answers import SIZES, ProjectAnswers, Size, TargetAnswer
from mlplatform.similar import nearest_names

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,18}[a-z0-9])")
_TEXTS: tuple[object, ...] = (str, str | None)
"""Types of the fields that `--set` can set."""


@record(kw_only=True)
class InitOptions:
    """What the options say; None where an option was left out."""

    folder: Path
    """The project's folder."""

    name: str | None
    """Name of the platform."""

    clouds: tuple[str, ...]
    """Names of clouds."""

    regions: tuple[str, ...]
    """One of each cloud at most; each is known to its cloud."""

    fields: tuple[str, ...]
    """Fields of targets, `aws.account_id=123456789012`."""

    administrators: tuple[str, ...]
    """Who may administer the cluster, `aws=arn:…`; without the cloud where there is only one."""

    team: str | None
    """Who is responsible."""

    cost_center: str | None
    """Who pays."""

    email: str | None
    """Who is told."""

    budget: int
    """US dollars a month."""

    size: Size | None
    """How large the platform is."""

    ci: str | None
    """The CI system."""

    repository: str
    """`owner/name`; empty for none."""

    def answers(self) -> ProjectAnswers:
        """The answers, with a default for each that is missing.

        Raises:
            click.UsageError: an option is refused, or there is no default for it.
        """
        clouds = self.clouds or self._installed()
        answers = ProjectAnswers(
            name=self.name or self._folder_name(),
            owner=self.team or "ml-platform",
            cost_center=self.cost_center or "unassigned",
            email=self.email or "ml-platform@example.com",
            monthly_usd=self.budget,
            size=self.size or "starter",
            targets=_targets(clouds, self.regions, self.fields, self.administrators),
            ci=self.ci or "none",
            repository=_repository(self.repository),
            command="",
            version=version("mlplatform"),
        )
        return _with_command(answers)

    def ask(self) -> ProjectAnswers:
        """The answers, after questions for what the options left out.

        Raises:
            click.UsageError: an option or an answer is refused.
        """
        name = self.name or click.prompt("Name of the platform", default=self._folder_name(), err=True)
        names = self.clouds or _words(
            click.prompt(f"Clouds ({', '.join(discovery.clouds())})", default=" ".join(self._present()[:1]), err=True)
        )
        _known(names)
        fields, people = list(self.fields), list(self.administrators)
        for target in _targets(names, self.regions, self.fields, self.administrators):
            named = {each.partition("=")[0].rpartition(".")[2] for each in self.fields}
            for field, value in target.fields.items():
                if field not in named and value not in self.regions:
                    answer = click.prompt(f"{target.cloud}: {field}", default=value, err=True)
                    fields.append(f"{target.cloud}.{field}={answer}")
            if not target.administrators:
                person = discovery.backend(target.cloud).first_target.person
                question = f"{target.cloud}: who may administer the cluster; {person} (empty: decide later)"
                if answer := click.prompt(question, default="", show_default=False, err=True):
                    people.append(f"{target.cloud}={answer}")
        systems = click.Choice(["github", "gitlab", "jenkins", "circleci", "travis", "none"], case_sensitive=False)
        size = self.size or _size(
            click.prompt("Size", type=click.Choice(SIZES, case_sensitive=False), default="starter", err=True)
        )
        ci: str = self.ci or click.prompt("CI system", type=systems, default="none", err=True)
        repository = self.repository
        if not repository and ci in ("github", "gitlab"):
            repository = click.prompt("Repository, owner/name (empty: decide later)", default="", err=True)
        answers = ProjectAnswers(
            name=name,
            owner=self.team or click.prompt("Team", default="ml-platform", err=True),
            cost_center=self.cost_center or click.prompt("Cost center", default="unassigned", err=True),
            email=self.email or click.prompt("E-mail of alerts", default="ml-platform@example.com", err=True),
            monthly_usd=self.budget,
            size=size,
            targets=_targets(names, self.regions, tuple(fields), tuple(people)),
            ci=ci,
            repository=_repository(repository),
            command="",
            version=version("mlplatform"),
        )
        return _with_command(answers)

    def _folder_name(self) -> str:
        """The folder's name where a platform can have it."""
        # letters with accents are those without: Plättform is plattform
        plain = unicodedata.normalize("NFKD", self.folder.resolve().name.lower()).encode("ascii", "ignore").decode()
        name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:20].strip("-")
        name = name.removeprefix("gcp-")  # which Google keeps for itself
        return name if _NAME.fullmatch(name) else "ml-platform"

    def _present(self) -> tuple[str, ...]:
        """The clouds whose SDK is installed."""
        return tuple(cloud for cloud in discovery.clouds() if all(map(find_spec, discovery.backend(cloud).sdks)))

    def _installed(self) -> tuple[str, ...]:
        """The only cloud whose SDK is installed.

        Raises:
            click.UsageError: there is none, or several.
        """
        present = self._present()
        if len(present) != 1:
            found = f"the SDKs of {', '.join(present)} are installed" if present else "no cloud's SDK is installed"
            raise click.UsageError(
                f"--cloud: got none, expected one of {', '.join(discovery.clouds())}: {found}; add --cloud "
                f"{present[0] if present else 'aws'}"
            )
        return present


def _repository(text: str) -> str:
    """`owner/name` of what people copy from a browser or from `git remote`."""
    return re.sub(r"^(https?://[^/]+/|(ssh://)?git@[^:/]+[:/])", "", text).rstrip("/").removesuffix(".git")


def _size(word: str) -> Size:
    return next(size for size in SIZES if size == word)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _known(clouds: Sequence[str]) -> None:
    known_clouds(clouds)
    if len(set(clouds)) != len(clouds):
        raise click.UsageError("--cloud: got one cloud twice, expected each once; name a second region in the spec")


def _targets(
    clouds: Sequence[str], regions: Sequence[str], fields: Sequence[str], administrators: Sequence[str]
) -> tuple[TargetAnswer, ...]:
    """The targets of the clouds, in their order."""
    _known(clouds)
    values = {cloud: dict(discovery.backend(cloud).first_target.fields) for cloud in clouds}
    named: dict[str, str] = {}
    for region in regions:
        owner = next((cloud for cloud in clouds if discovery.backend(cloud).catalog.is_region(region)), None)
        if owner is None:
            known = sorted({name for cloud in clouds for name in discovery.backend(cloud).catalog.regions})
            close = likeliest(discovery.backend(cloud).catalog.near_regions(region) for cloud in clouds)
            raise click.UsageError(
                f"--region: got '{region[:40]}', expected a region of {', '.join(clouds)}: "
                + (close or ", ".join(known))
            )
        if owner in named:
            raise click.UsageError(
                f"--region: got '{named[owner]}' and '{region}', two regions of {owner}, expected one of each cloud: "
                "the second is a target of its own with a name, in stacks/base.py"
            )
        named[owner] = region
        model = discovery.backend(owner).target_type
        values[owner]["location" if "location" in model.model_fields else "region"] = region
    for each in fields:
        path, found, value = each.partition("=")
        cloud, dot, field = path.partition(".")
        if not dot:
            cloud, field = clouds[0], path
        if not found or cloud not in values or (not dot and len(clouds) > 1):
            raise click.UsageError(
                f"--set: got '{each[:60]}', expected CLOUD.FIELD=VALUE with a cloud of --cloud: {', '.join(clouds)}"
            )
        known = discovery.backend(cloud).target_type.model_fields
        texts = [name for name, info in known.items() if info.annotation in _TEXTS and name != "cloud"]
        if field not in texts:
            close = nearest_names(field, texts)
            raise click.UsageError(
                f"--set: got '{cloud}.{field[:40]}', expected one of {', '.join(texts)}"
                + (f"; did you mean {close[0]}?" if close else "")
            )
        values[cloud][field] = value
    people = _people(clouds, administrators)
    return tuple(TargetAnswer(cloud=cloud, fields=values[cloud], administrators=people[cloud]) for cloud in clouds)


def _people(clouds: Sequence[str], administrators: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Who administers the cluster on each cloud."""
    people: dict[str, tuple[str, ...]] = dict.fromkeys(clouds, ())
    for each in administrators:
        cloud, found, person = each.partition("=")
        if not found or cloud not in discovery.clouds():
            # an ARN or an address may itself have an equals sign
            cloud, person = clouds[0], each
            found = "=" if len(clouds) == 1 else ""
        if not found or not person or cloud not in clouds:
            raise click.UsageError(
                f"--administrator: got '{each[:60]}', expected CLOUD=PERSON with a cloud of --cloud: "
                + ", ".join(clouds)
            )
        people[cloud] = (*people[cloud], person)
    return people


def _with_command(answers: ProjectAnswers) -> ProjectAnswers:
    """The answers with the command that gives them again."""
    from dataclasses import replace

    words = ["mlplatform", "init", "--yes", "--name", answers.name]
    for target in answers.targets:
        words += ["--cloud", target.cloud]
        proposed = discovery.backend(target.cloud).first_target.fields
        for field, value in target.fields.items():
            if proposed.get(field) != value:
                words += ["--set", f"{target.cloud}.{field}={value}"]
        for person in target.administrators:
            words += ["--administrator", f"{target.cloud}={person}"]
    words += ["--team", answers.owner, "--cost-center", answers.cost_center, "--email", answers.email]
    words += ["--budget", str(answers.monthly_usd), "--size", answers.size, "--ci", answers.ci]
    if answers.repository:
        words += ["--repository", answers.repository]
    return replace(answers, command=shlex.join(words))
