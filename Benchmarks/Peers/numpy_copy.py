# requires: numpy==2.4.6
"""A plain copy of an array's bytes from memory to memory, in pieces, by NumPy (libc's memcpy).

Inputs `bytes`, a .npy file of bytes, and `ranges`, a .npy of [N, 2] 64-bit begins and ends: every
piece goes to the beginning of the same memory, one after another.
"""

import peer


def load():
    global np
    import numpy as np

    return {"numpy": np.__version__}


def prepare(case, inputs, options):
    data = np.load(inputs["bytes"])
    ranges = np.load(inputs["ranges"])
    target = np.zeros(int((ranges[:, 1] - ranges[:, 0]).max()), dtype=np.uint8)
    return data, ranges.tolist(), target


def run(state):
    data, ranges, target = state
    for begin, end in ranges:
        np.copyto(target[: end - begin], data[begin:end])
    return target


def save(target, path):
    target.tofile(path)


peer.serve(load, prepare, run, save)
