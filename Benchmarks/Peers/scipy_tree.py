# requires: numpy==2.4.6 scipy==1.17.1
"""Nearest points by scipy's cKDTree, on all cores."""

import peer


def load():
    global np, cKDTree
    import numpy as np
    import scipy
    from scipy.spatial import cKDTree

    return {"scipy": scipy.__version__}


def prepare(case, inputs, options):
    points = np.load(inputs["points"])
    if case == "build":
        return lambda: cKDTree(points)
    tree = cKDTree(points)
    queries = np.load(inputs["queries"])
    return lambda: tree.query(queries, k=options["count"], workers=-1)[1]


def save(result, path):
    result.astype("<i4").tofile(path)


peer.serve(load, prepare, lambda work: work(), save)
