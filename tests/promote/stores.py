"""The three clouds' command lines and `crane` as `promote` uses them, on objects in memory."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from mlplatform.promote.carry_out import CommandFailed


class Stores:
    """Objects by address, and digests by image; nothing that is there is written again."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.images: set[str] = set()
        """Images with their digest."""

        self.tags: dict[str, str] = {}
        """Image with its digest, by image and tag."""

        self.logged_in: set[str] = set()
        self.commands: list[tuple[str, ...]] = []
        self.fails = ""

    def __call__(self, command: Sequence[str]) -> str:
        words = list(command)
        self.commands.append(tuple(words))
        if self.fails and self.fails in " ".join(words):
            raise CommandFailed("AccessDenied")
        if words[0] == "env":
            words = [word for word in words[1:] if "=" not in word or word.startswith("-") or " " in word]
        if words[:3] == ["aws", "s3", "cp"]:
            assert "--recursive" in words
            return self._copy(words[3], words[4], "s3://", new_only="--no-overwrite" in words)
        if words[:3] == ["gcloud", "storage", "rsync"]:
            assert "--recursive" in words
            return self._copy(words[-2], words[-1], "gs://", new_only="--no-clobber" in words)
        if words[:3] == ["aws", "s3", "ls"]:
            return self._list(words[3])
        if words[:3] == ["gcloud", "storage", "ls"]:
            return self._list(words[3].removesuffix("**"))
        if words[:3] == ["az", "storage", "blob"]:
            return self._blob(words[3], dict(zip(words[4::2], words[5::2], strict=True)))
        if words[0] == "bash":
            return self._shell(words)
        return self._look_image(words)

    def put(self, address: str, files: dict[str, bytes]) -> None:
        self.objects |= {f"{address}{name}": content for name, content in files.items()}

    def below(self, address: str) -> dict[str, bytes]:
        return {name.removeprefix(address): body for name, body in self.objects.items() if name.startswith(address)}

    def _copy(self, source: str, target: str, scheme: str, *, new_only: bool) -> str:
        if source.startswith(scheme):
            for name, content in self.below(source).items():
                _write(Path(target) / name, content)
            return ""
        for file in _files(Path(source)):
            address = f"{target}{file.relative_to(source).as_posix()}"
            if not (new_only and address in self.objects):
                self.objects[address] = file.read_bytes()
        return ""

    def _list(self, address: str) -> str:
        return "\n".join(name for name in self.objects if name.startswith(address))

    def _blob(self, verb: str, options: dict[str, str]) -> str:
        assert options["--auth-mode"] == "login"
        account = f"https://{options['--account-name']}.blob.core.windows.net/"
        if verb == "list":
            return self._list(f"{account}{options['--container-name']}/{options['--prefix']}")
        if verb == "download-batch":
            container = f"{account}{options['--source']}/"
            for name, content in self.below(container).items():
                if fnmatchcase(name, options["--pattern"]):
                    _write(Path(options["--destination"]) / name, content)
            return ""
        assert (verb, options["--overwrite"]) == ("upload-batch", "false")
        folder = f"{account}{options['--destination']}/{options['--destination-path'].strip('/')}/"
        return self._copy(options["--source"], folder, "https://", new_only=True)

    def _shell(self, words: list[str]) -> str:
        if "crane auth login" in words[-1]:
            self.logged_in.add(words[-1].split()[-1])
            return "logged in"
        assert words[2] == 'crane digest "$1" >/dev/null 2>&1 || crane copy "$2" "$3"'
        wanted, source, target = words[4:]
        if wanted not in self.images:
            hosts = {each.partition("/")[0] for each in (source, target)}
            if source not in self.images or hosts - self.logged_in:
                raise CommandFailed("MANIFEST_UNKNOWN" if source not in self.images else "UNAUTHORIZED")
            self.tags[target] = f"{target.rpartition(':')[0]}@{source.partition('@')[2]}"
            self.images.add(self.tags[target])
        return ""

    def _look_image(self, words: list[str]) -> str:
        if words[:2] == ["aws", "ecr"]:
            path = words[words.index("--repository-name") + 1]
            digest = words[words.index("--image-ids") + 1].removeprefix("imageDigest=")
            account, region = words[words.index("--registry-id") + 1], words[words.index("--region") + 1]
            wanted = f"{account}.dkr.ecr.{region}.amazonaws.com/{path}@{digest}"
        else:
            wanted = words[-1]
        if wanted not in self.images:
            raise CommandFailed(f"{wanted}: not found")
        return wanted


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
