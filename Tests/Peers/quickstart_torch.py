"""The quickstart grid in PyTorch: eager, double backward, fused Adam, single precision.

With `--workers 1` PyTorch uses all cores inside an operation; with more, each worker is a process
of one thread.
"""

import concurrent.futures
import functools
import multiprocessing
import time

import losses_torch as losses
import sweep
import torch
from draws import batches, initial_parameters, rows_of
from grid import Experiment, Trial, TrialClass
from sweep import ClassResult, EarlyStopping, Result
from torch import Tensor, nn


def network(experiment: Experiment, trial: Trial) -> nn.Sequential:
    """A network with the trial's initial weights."""
    dimension = trial.kind.dimension
    net = losses.network([dimension, *experiment.hidden, dimension])
    initial = initial_parameters(experiment, dimension, trial.repeat)
    with torch.no_grad():
        for own, given in zip(net.parameters(), (array for pair in initial for array in pair)):
            own.copy_(torch.from_numpy(given.T))
    return net


def implicit(net: nn.Module, x: Tensor) -> float:
    """Implicit score matching of a network."""
    return losses.implicit(net, x, differentiable=False).item()


def train(experiment: Experiment, trial: Trial) -> Result:
    """Trains one trial to its end."""
    start = time.perf_counter()
    torch.manual_seed(trial.repeat)
    kind = trial.kind
    data = rows_of(experiment, kind.dimension, trial.repeat)
    x_train, exact = torch.from_numpy(data.train), torch.from_numpy(data.train_score)
    x_validation = torch.from_numpy(data.validation)
    net = network(experiment, trial)
    optimizer = torch.optim.Adam(net.parameters(), experiment.learning_rate, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, experiment.steps)
    stopping = EarlyStopping(experiment.patience)

    def keep() -> dict[str, Tensor]:
        return {name: value.clone() for name, value in net.state_dict().items()}

    stopping.update(implicit(net, x_validation), keep)
    steps = 0
    for block in batches(experiment, kind.dimension, trial.repeat):
        for rows in torch.from_numpy(block):
            x = x_train[rows]
            extra = exact[rows] if kind.loss == "esm" else losses.draw(kind.loss, x, kind.slices)
            optimizer.zero_grad()
            losses.evaluate(kind.loss, net, x, extra, trial.sigma).backward()
            optimizer.step()
            schedule.step()
        steps += len(block)
        if stopping.update(implicit(net, x_validation), keep):
            break
    net.load_state_dict(stopping.best)
    x, exact = torch.from_numpy(data.test), torch.from_numpy(data.test_score)
    with torch.no_grad():
        fisher = losses.explicit(net, x, exact).item()
    information = losses.dot(exact, exact).mean().item() / 2
    found = fisher, fisher / information, implicit(net, x)
    return Result(trial, time.perf_counter() - start, steps, stopping.lowest, *found)


def train_class(experiment: Experiment, kind: TrialClass, trials: list[Trial]) -> ClassResult:
    """Trains the trials of a class one after the other; nothing is compiled."""
    return ClassResult(kind, 0.0, [train(experiment, trial) for trial in trials])


# Workers are fresh processes: threads of PyTorch do not survive a fork.
processes = functools.partial(
    concurrent.futures.ProcessPoolExecutor,
    mp_context=multiprocessing.get_context("spawn"),
    initializer=torch.set_num_threads,
    initargs=(1,),
)

if __name__ == "__main__":
    sweep.main(f"PyTorch {torch.__version__}", processes, train_class)
