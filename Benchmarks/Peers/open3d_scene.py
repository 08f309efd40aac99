# requires: numpy==2.4.6 open3d==0.20.0
"""Signed distances by Open3D's raycasting scene (Embree), on all cores.

Its sign is the parity of crossings along one ray; as in its documentation, the scene is built once.
"""

import peer


def load():
    global np, o3d
    import numpy as np
    import open3d as o3d

    return {"open3d": o3d.__version__}


def prepare(case, inputs, options):
    vertices = o3d.core.Tensor(np.load(inputs["vertices"]))
    triangles = o3d.core.Tensor(np.load(inputs["triangles"]).astype(np.uint32))
    points = o3d.core.Tensor(np.load(inputs["points"]))

    def work():
        scene = o3d.t.geometry.RaycastingScene()
        scene.add_triangles(vertices, triangles)
        return scene.compute_signed_distance(points).numpy()

    return work


def save(result, path):
    result.astype("<f4").tofile(path)


peer.serve(load, prepare, lambda work: work(), save)
