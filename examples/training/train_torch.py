"""A small PyTorch job on any number of processes (DDP): it saves, is interrupted, and goes on where it was.

    torchrun --nnodes=$NODES --nproc-per-node=8 train_torch.py

The runtime of the pool tells torchrun where the others are; CHECKPOINT_DIR is the job's folder in the store.
"""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import time

import torch
import torch.distributed as dist
from checkpoints import Checkpoints
from torch import nn
from torch.nn.parallel import DistributedDataParallel

INTERRUPTED = 143
"""Exit code after a signal to end: not a failure of the program."""


class Interruption:
    """Whether the cluster has asked this process to end."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True

    def agreed(self, device: torch.device) -> bool:
        """Whether any process was asked: all must leave after the same step."""
        flag = torch.tensor(float(self.asked), device=device)
        dist.all_reduce(flag, dist.ReduceOp.MAX)
        return bool(flag.item())


def batch(step: int, rank: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """The data of one process in one step: the same again after a restart."""
    generator = torch.Generator().manual_seed(step * 100_003 + rank)
    inputs = torch.randn(64, 16, generator=generator)
    return inputs.to(device), torch.sin(inputs.sum(dim=1, keepdim=True)).to(device)


def packed(model: nn.Module, optimizer: torch.optim.Optimizer) -> bytes:
    """Everything that is needed to go on: weights, and what the optimizer remembers."""
    file = io.BytesIO()
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, file)
    return file.getvalue()


def main() -> int:
    """Train; 0 when all steps are done."""
    options = argparse.ArgumentParser()
    options.add_argument("--steps", type=int, default=1000)
    options.add_argument("--save-every", type=int, default=100)
    options.add_argument(
        "--first-weights", type=int, default=0, help="seed of the weights where there is no checkpoint"
    )
    options.add_argument("--seconds", type=float, default=0.0, help="time that a step takes at least")
    options.add_argument("--result", help="file for the weights at the end")
    chosen = options.parse_args()

    gpus = torch.cuda.is_available()
    dist.init_process_group("nccl" if gpus else "gloo")
    rank, local = dist.get_rank(), int(os.environ.get("LOCAL_RANK", "0"))
    device = torch.device("cuda", local) if gpus else torch.device("cpu")
    if gpus:
        torch.cuda.set_device(device)
    interruption, checkpoints = Interruption(), Checkpoints(os.environ["CHECKPOINT_DIR"])

    torch.manual_seed(chosen.first_weights)
    bare = nn.Sequential(nn.Linear(16, 64), nn.Tanh(), nn.Linear(64, 1)).to(device)
    optimizer = torch.optim.Adam(bare.parameters(), lr=1e-2)
    first = 0
    if (found := checkpoints.load()) is not None:
        first, content = found
        state = torch.load(io.BytesIO(content), map_location=device)
        bare.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
    model = DistributedDataParallel(bare, device_ids=[local] if gpus else None)
    print(f"process {rank} pid {os.getpid()} begins after step {first}", flush=True)

    for step in range(first + 1, chosen.steps + 1):
        inputs, wanted = batch(step, rank, device)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(inputs), wanted)
        loss.backward()
        optimizer.step()
        time.sleep(chosen.seconds)
        if rank == 0:
            print(f"step {step} loss {loss.item():.6f}", flush=True)
        ending = interruption.agreed(device)
        if (ending or step % chosen.save_every == 0 or step == chosen.steps) and rank == 0:
            checkpoints.save(step, packed(bare, optimizer))
            print(f"saved step {step}", flush=True)
        if ending:
            dist.barrier()
            return INTERRUPTED
    if chosen.result and rank == 0:
        weights = [value for each in bare.state_dict().values() for value in each.flatten().tolist()]
        with open(chosen.result, "w", encoding="utf-8") as file:
            file.write("\n".join(map(repr, weights)))
    dist.barrier()
    dist.destroy_process_group()
    return 0


if __name__ == "__main__":
    sys.exit(main())
