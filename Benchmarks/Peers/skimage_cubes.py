# requires: numpy==2.4.6 scikit-image==0.26.0
"""Marching cubes by scikit-image (Lewiner's, topologically correct)."""

import peer


def load():
    global np, measure
    import numpy as np
    import skimage
    from skimage import measure

    return {"scikit-image": skimage.__version__}


def prepare(case, inputs, options):
    grid = np.load(inputs["grid"])
    return lambda: measure.marching_cubes(grid, level=0, method="lewiner")


def save(result, path):
    """Vertices, x first, as the other side has them."""
    np.ascontiguousarray(result[0][:, ::-1]).astype("<f4").tofile(path)


peer.serve(load, prepare, lambda work: work(), save)
