"""How the program of a step of several nodes is told who the others are: the same variables on each service."""

from __future__ import annotations


def tell_nodes(port: str) -> str:
    """A line of shell that exports what PyTorch or TensorFlow read, by `how`, `torch` or another word.

    It needs `first`, the address of the first node; `n`, how many there are; `rank`, which one this is; `each`,
    processes on each; and `all`, the addresses with their ports between quotes. For PyTorch they are the variables of
    the training cluster; TensorFlow reads `TF_CONFIG`.

    Args:
        port: the port of the first node, a number or a variable of the shell.
    """
    return (
        'if [ "$how" = torch ];then '
        f'export MASTER_ADDR="$first" MASTER_PORT={port} WORLD_SIZE="$n" NODE_RANK="$rank" PET_MASTER_ADDR="$first" '
        f'PET_MASTER_PORT={port} PET_NNODES="$n" PET_NODE_RANK="$rank" PET_NPROC_PER_NODE="$each";else '
        'export TF_CONFIG="{\\"cluster\\":{\\"worker\\":[$all]},'
        '\\"task\\":{\\"type\\":\\"worker\\",\\"index\\":$rank}}";fi;'
    )
