# requires: numpy==2.4.6 scipy==1.17.1
"""Chamfer distance and F-score of two clouds by scipy's cKDTree, on all cores; trees included."""

import peer


def load():
    global np, cKDTree
    import numpy as np
    import scipy
    from scipy.spatial import cKDTree

    return {"scipy": scipy.__version__}


def prepare(case, inputs, options):
    def cloud(name):
        return np.fromfile(inputs[name], "<f4").reshape(-1, 3)

    return cloud("prediction"), cloud("truth"), options["scale"], options["threshold"]


def run(state):
    prediction, truth, scale, threshold = state
    forward = cKDTree(truth).query(prediction, workers=-1)[0] * scale
    backward = cKDTree(prediction).query(truth, workers=-1)[0] * scale
    precision, recall = (forward < threshold).mean(), (backward < threshold).mean()
    f = 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0
    return forward.mean() + backward.mean(), f


def save(result, path):
    np.array(result, "<f8").tofile(path)


peer.serve(load, prepare, run, save)
