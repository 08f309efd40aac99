# requires: webdataset==1.0.2 pillow==13.0.0 numpy==2.4.6
"""Shuffled samples from a store's shards by webdataset, in as many processes as there are cores.

webdataset's own loader of several workers is PyTorch's, which copies each sample from process to
process. These workers do without: each reads its half of the shards in its own process, as
webdataset splits shards among workers (`split_by_worker`), shuffles shards and samples as its
documentation shows, decodes, and hands on no more than counts. That is less work than any loader.

Input `shards`: a text file of shards' paths, one a line. Option `workers`; option `fields`:
`png` decodes every picture to RGBA bytes and nothing else, `npy` every array; `members`: only the
members that end so are taken out of the shards, as `select_files` allows. The processes start with
`prepare` and keep running: a run is one pass over all samples.
"""

import multiprocessing

import peer


def load():
    global np, wds
    import numpy as np
    import PIL
    import webdataset as wds

    return {"webdataset": wds.__version__, "Pillow": PIL.__version__, "numpy": np.__version__}


def work(connection, shards, fields):
    """One worker: a pass over its shards for every message that it gets."""
    ending = "." + fields
    dataset = wds.WebDataset(
        shards, shardshuffle=len(shards), seed=1, empty_check=False,
        nodesplitter=None, workersplitter=None,
        select_files=lambda name: name.endswith(ending),
    ).shuffle(1000).decode("rgba8")
    while True:
        if connection.recv() is None:
            return
        samples = arrays = count = 0
        for sample in dataset:
            samples += 1
            for value in sample.values():
                if isinstance(value, np.ndarray):
                    arrays += 1
                    count += value.nbytes
        connection.send((samples, arrays, count))


def prepare(case, inputs, options):
    with open(inputs["shards"]) as file:
        shards = file.read().split()
    workers = options["workers"]
    connections = []
    for number in range(workers):
        here, there = multiprocessing.Pipe()
        multiprocessing.Process(
            target=work, args=(there, shards[number::workers], options["fields"]), daemon=True,
        ).start()
        connections.append(here)
    return connections


def run(connections):
    for connection in connections:
        connection.send(True)
    return [sum(counts) for counts in zip(*(connection.recv() for connection in connections))]


def save(counts, path):
    """Samples, arrays, and the arrays' bytes."""
    np.array(counts, dtype="<f8").tofile(path)


peer.serve(load, prepare, run, save)
