# requires: pillow==13.0.0 opencv-python-headless==5.0.0.93 numpy==2.4.6
"""PNG by Pillow and by OpenCV, each with its own defaults, on one core.

Option `library`: `Pillow` or `OpenCV`; option `direction`: `encode` or `decode`. Input `pictures`,
a .npy file of [N, H, W, 4] bytes (RGBA, straight alpha), is what is encoded; inputs `files` and
`ends` (.npy of bytes and of 64-bit numbers) are the files that are decoded, of which number k ends
at `ends[k]`. `save` writes the sizes of the encoded files, or the decoded pixels.
"""

import io

import peer


def load():
    global cv2, np, Image
    import cv2
    import numpy as np
    import PIL
    from PIL import Image

    cv2.setNumThreads(1)
    return {"Pillow": PIL.__version__, "OpenCV": cv2.__version__}


def pillow_encode(picture):
    output = io.BytesIO()
    Image.fromarray(picture).save(output, format="PNG")
    return output.getvalue()


def opencv_encode(picture):
    return cv2.imencode(".png", picture)[1].tobytes()


def pillow_decode(file):
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGBA"))


def opencv_decode(file):
    return cv2.imdecode(np.frombuffer(file, dtype=np.uint8), cv2.IMREAD_UNCHANGED)


def prepare(case, inputs, options):
    is_pillow = options["library"] == "Pillow"
    if options["direction"] == "encode":
        pictures = np.load(inputs["pictures"])
        if not is_pillow:
            # OpenCV's channels run blue, green, red, alpha; swapping them is part of no run.
            pictures = pictures[..., [2, 1, 0, 3]]
        work = pillow_encode if is_pillow else opencv_encode
        return work, [np.ascontiguousarray(picture) for picture in pictures]
    data = np.load(inputs["files"]).tobytes()
    ends = np.load(inputs["ends"]).tolist()
    work = pillow_decode if is_pillow else opencv_decode
    return work, [data[begin:end] for begin, end in zip([0] + ends, ends)]


def run(state):
    work, inputs = state
    return [work(each) for each in inputs]


def save(results, path):
    if isinstance(results[0], bytes):
        np.array([len(each) for each in results], dtype="<f4").tofile(path)
    else:
        np.stack(results).tofile(path)


peer.serve(load, prepare, run, save)
