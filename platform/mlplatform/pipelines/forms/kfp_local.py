"""What kfp's local runner needs of a container, and no service: a file that names its outputs."""

from __future__ import annotations

from collections.abc import Mapping


def local_outputs(outputs: Mapping[str, str]) -> list[str]:
    """Lines that name the outputs in the file of kfp's local runner: it knows no others of a container.

    A service gives every output an address in its store before the step runs, and needs no such file.

    Args:
        outputs: the folder of each, as the form writes it, by name.
    """
    if not outputs:
        return []
    entries = ", ".join(
        f'"{name}": {{"artifacts": [{{"name": "{name}", "uri": "{folder}"}}]}}' for name, folder in outputs.items()
    )
    return [
        f"case \"{{{{$.outputs.artifacts['{next(iter(outputs))}'].uri}}}}\" in",
        "/*)",
        "  file=$(printf %s \"$given\" | tr -d '\\n' | "
        'sed -n \'s/.*"outputFile": *"\\([^"]*\\/executor_output\\.json\\)".*/\\1/p\')',
        '  mkdir -p "${file%/*}"',
        "  cat >\"$file\" <<'JSON'",
        f'{{"artifacts": {{{entries}}}}}',
        "JSON",
        "  ;;",
        "esac",
    ]
