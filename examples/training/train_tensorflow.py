"""A small TensorFlow job on any number of workers: it saves, is interrupted, and goes on where it was.

    python train_tensorflow.py

Trainer tells TensorFlow nothing about the other workers: `cluster_of_pods` makes TF_CONFIG of what the runtime sets.
CHECKPOINT_DIR is the job's folder in the store.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import sys
import time

PORT = 2222
INTERRUPTED = 143
"""Exit code after a signal to end: not a failure of the program."""


def cluster_of_pods() -> None:
    """Name all workers: pods of a set are `SET-node-0-NUMBER.SET` in DNS."""
    if "TF_CONFIG" in os.environ:
        return
    name, nodes = os.environ["JOBSET_NAME"], int(os.environ["NODES"])
    workers = [f"{name}-node-0-{number}.{name}:{PORT}" for number in range(nodes)]
    task = {"type": "worker", "index": int(os.environ["JOB_COMPLETION_INDEX"])}
    os.environ["TF_CONFIG"] = json.dumps({"cluster": {"worker": workers}, "task": task})


cluster_of_pods()

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from checkpoints import Checkpoints  # noqa: E402


class Interruption:
    """Whether the cluster has asked this process to end."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


class Model:
    """Two layers and Adam's memory, as variables that every worker has alike."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        shapes = ((16, 64), (64,), (64, 1), (1,))
        self.weights = [self._variable(random.normal(0, 0.2, shape)) for shape in shapes]
        self.first = [self._variable(np.zeros(shape)) for shape in shapes]
        self.second = [self._variable(np.zeros(shape)) for shape in shapes]

    @staticmethod
    def _variable(value: np.ndarray) -> tf.Variable:
        return tf.Variable(value.astype("float32"), aggregation=tf.VariableAggregation.MEAN)

    def loss(self, inputs: tf.Tensor, wanted: tf.Tensor) -> tf.Tensor:
        """Mean square error of the prediction."""
        hidden = tf.tanh(inputs @ self.weights[0] + self.weights[1])
        return tf.reduce_mean(tf.square(hidden @ self.weights[2] + self.weights[3] - wanted))

    def update(self, gradients: list[tf.Tensor], step: tf.Tensor) -> None:
        """One step of Adam."""
        for weight, first, second, gradient in zip(self.weights, self.first, self.second, gradients, strict=True):
            new_first, new_second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * tf.square(gradient)
            first.assign(new_first)
            second.assign(new_second)
            whole = new_first / (1 - tf.pow(0.9, step))
            spread = tf.sqrt(new_second / (1 - tf.pow(0.999, step)))
            weight.assign_sub(0.01 * whole / (spread + 1e-8))

    def packed(self) -> bytes:
        """Everything that is needed to go on."""
        file = io.BytesIO()
        np.savez(file, *(variable.numpy() for variable in (*self.weights, *self.first, *self.second)))
        return file.getvalue()

    def unpack(self, content: bytes) -> None:
        """Take what a checkpoint holds."""
        with np.load(io.BytesIO(content)) as stored:
            for number, variable in enumerate((*self.weights, *self.first, *self.second)):
                variable.assign(stored[f"arr_{number}"])


def batch(step: int, worker: int) -> tuple[np.ndarray, np.ndarray]:
    """The data of one worker in one step: the same again after a restart."""
    inputs = np.random.default_rng(step * 100_003 + worker).normal(size=(64, 16)).astype("float32")
    return inputs, np.sin(inputs.sum(axis=1, keepdims=True))


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

    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    worker = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
    interruption, checkpoints = Interruption(), Checkpoints(os.environ["CHECKPOINT_DIR"])
    with strategy.scope():
        model = Model(chosen.first_weights)
    begin = 0
    if (found := checkpoints.load()) is not None:
        begin, content = found
        model.unpack(content)
    print(f"process {worker} pid {os.getpid()} begins after step {begin}", flush=True)

    @tf.function
    def train(inputs: tf.Tensor, wanted: tf.Tensor, step: tf.Tensor, asked: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        def one() -> tuple[tf.Tensor, tf.Tensor]:
            with tf.GradientTape() as tape:
                loss = model.loss(inputs, wanted)
            context = tf.distribute.get_replica_context()
            gradients = context.all_reduce(tf.distribute.ReduceOp.MEAN, tape.gradient(loss, model.weights))
            model.update(gradients, step)
            # whether any worker was asked to end: all must leave after the same step. The sum needs a value on one of
            # this worker's devices, and an argument of the function is on none
            return loss, context.all_reduce(tf.distribute.ReduceOp.SUM, tf.identity(asked))

        return strategy.run(one)

    for step in range(begin + 1, chosen.steps + 1):
        inputs, wanted = batch(step, worker)
        loss, asked = train(
            tf.constant(inputs),
            tf.constant(wanted),
            tf.constant(float(step)),
            tf.constant(float(interruption.asked)),
        )
        time.sleep(chosen.seconds)
        loss_here, ending = (float(strategy.experimental_local_results(each)[0]) for each in (loss, asked))
        if worker == 0:
            print(f"step {step} loss {loss_here:.6f}", flush=True)
        if (ending or step % chosen.save_every == 0 or step == chosen.steps) and worker == 0:
            checkpoints.save(step, model.packed())
            print(f"saved step {step}", flush=True)
        if ending:
            return INTERRUPTED
    if chosen.result and worker == 0:
        weights = [float(value) for variable in model.weights for value in variable.numpy().flatten()]
        with open(chosen.result, "w", encoding="utf-8") as file:
            file.write("\n".join(map(repr, weights)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
