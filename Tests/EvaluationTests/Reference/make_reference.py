"""Prints the numbers that ReferenceTests holds, made by other libraries:

    pip install numpy==2.4.6 scipy==1.17.1 open3d==0.20.0
    python make_reference.py
"""

import numpy as np
import open3d
import scipy
from scipy.linalg import sqrtm
from scipy.spatial import cKDTree


def cloud(count, a, b, c, scale):
    """Fractions of multiples, in double precision, rounded to single."""
    i = np.arange(1, count + 1, dtype=np.float64)
    points = np.stack([np.mod(i * a, 1), np.mod(i * b, 1), np.mod(i * c, 1)], 1)
    return ((points - 0.5) * scale).astype(np.float32)


def scores(name, way, prediction, truth, threshold):
    forward, backward = way(prediction, truth), way(truth, prediction)
    precision, recall = (forward < threshold).mean(), (backward < threshold).mean()
    print(name, "sum", repr(forward.mean() + backward.mean()))
    print(name, "squared", repr((forward**2).mean() + (backward**2).mean()))
    print(name, "precision, recall, F", repr(precision), repr(recall),
          repr(2 * precision * recall / (precision + recall)))


def by_scipy(a, b):
    return cKDTree(b.astype(np.float64)).query(a.astype(np.float64))[0]


def by_open3d(a, b):
    def wrap(points):
        return open3d.geometry.PointCloud(
            open3d.utility.Vector3dVector(points.astype(np.float64)))
    return np.asarray(wrap(a).compute_point_cloud_distance(wrap(b)))


def features(count, width, f, step, slope):
    i, j = np.meshgrid(np.arange(count), np.arange(width), indexing="ij")
    return f(step * i * (j + 1)) * (1 + slope * j) + 0.1 * j


def frechet(x, y):
    c, d = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    way = np.sum((x.mean(0) - y.mean(0)) ** 2)
    root = sqrtm(c @ d)
    return way + np.trace(c) + np.trace(d) - 2 * np.trace(root).real


print("numpy", np.__version__, "scipy", scipy.__version__, "open3d", open3d.__version__)
prediction = cloud(20000, 0.8191725133961645, 0.6710436067037893, 0.5497004779019703, 1.0)
truth = cloud(15000, 0.7548776662466927, 0.5698402909980532, 0.3819660112501051, 0.9)
for name, way in [("scipy", by_scipy), ("open3d", by_open3d)]:
    scores(name, way, 2 * prediction.astype(np.float64), 2 * truth.astype(np.float64), 0.04)
print("frechet", repr(frechet(
    features(40, 6, np.sin, 0.37, 0.05), features(30, 6, np.cos, 0.21, 0.08))))
print("frechet", repr(frechet(
    features(5, 12, np.sin, 0.37, 0.05), features(7, 12, np.cos, 0.21, 0.08))))
