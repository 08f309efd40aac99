# requires: scikit-image==0.26.0 numpy==2.4.6
"""Structural similarity by scikit-image, on the luma of both pictures over white.

Input `pictures`, a .npy file of [N, H, W, 4] bytes (RGBA, straight alpha): picture 2k is compared
with picture 2k + 1. Option `luma`: whether a run begins with the pictures, as Muybridge's does, or
with their luma, so that nothing but scikit-image itself is timed.
"""

import peer


def load():
    global np, structural_similarity
    import numpy as np
    import skimage
    from skimage.metrics import structural_similarity

    return {"scikit-image": skimage.__version__, "numpy": np.__version__}


def luma_over_white(picture):
    rgba = picture.astype(np.float64) / 255
    alpha = rgba[..., 3:]
    return (rgba[..., :3] * alpha + (1 - alpha)) @ np.array([0.299, 0.587, 0.114])


def prepare(case, inputs, options):
    pictures = np.load(inputs["pictures"])
    if options["luma"]:
        return pictures, luma_over_white
    return [luma_over_white(picture) for picture in pictures], lambda luma: luma


def run(state):
    pictures, luma = state
    return [
        structural_similarity(
            luma(pictures[k]), luma(pictures[k + 1]), data_range=1, gaussian_weights=True,
            sigma=1.5, use_sample_covariance=False)
        for k in range(0, len(pictures), 2)
    ]


def save(scores, path):
    np.array(scores, dtype="<f8").tofile(path)


peer.serve(load, prepare, run, save)
