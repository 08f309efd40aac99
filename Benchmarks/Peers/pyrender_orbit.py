# requires: pyrender==0.1.45 numpy==1.26.4
"""Draws posed triangles with pyrender, on Mesa's llvmpipe through EGL, as it is used for animations:
the meshes of a frame are put into the scene, rendered, and taken out again.

Inputs and options are llvmpipe.py's; `processes` and `threads` are left out, as pyrender leaves the
cores to Mesa. Its lights and its encoding of colour differ from ours a little.
"""

import os

import peer


class Scene:
    def __init__(self, inputs, options):
        self.options = options
        load = lambda name: np.load(inputs[name]) if name in inputs else None
        self.positions, self.normals = load("positions"), load("normals")
        self.triangles, self.uvs = load("triangles"), load("uvs")
        self.matrices, self.eyes = load("clip_from_world"), load("eyes")
        self.materials = [self.material(part, inputs) for part in options["parts"]]
        self.scene = pyrender.Scene(bg_color=[0, 0, 0, 0], ambient_light=[0, 0, 0])
        for sun in options["suns"] if options["lit"] else []:
            light = pyrender.DirectionalLight(intensity=float(np.mean(sun["irradiance"])))
            self.scene.add(light, pose=looking(np.array(sun["direction"])))
        self.renderer = pyrender.OffscreenRenderer(options["width"], options["height"])
        self.flags = pyrender.RenderFlags.RGBA
        if not options["lit"]:
            self.flags |= pyrender.RenderFlags.FLAT

    def material(self, part, inputs):
        texture = None
        if part["texture"]:
            texture = pyrender.Texture(
                source=np.load(inputs[part["texture"]]), source_channels="RGBA")
        return pyrender.MetallicRoughnessMaterial(
            baseColorFactor=np.array(part["base_color"], float), baseColorTexture=texture,
            metallicFactor=part["metallic"], roughnessFactor=part["roughness"],
            doubleSided=not part["culls"])

    def mesh(self, t):
        primitives = []
        for part, material in zip(self.options["parts"], self.materials):
            run = self.triangles[part["first"] : part["first"] + part["count"]]
            primitives.append(
                pyrender.Primitive(
                    positions=self.positions[t], indices=run, material=material,
                    normals=None if self.normals is None else self.normals[t],
                    texcoord_0=self.uvs if part["texture"] else None))
        return pyrender.Mesh(primitives)

    def run(self):
        pictures = []
        for t in range(len(self.positions)):
            # The camera stands at the eye and looks along the world's axes; its matrix does the rest.
            pose = np.eye(4)
            pose[:3, 3] = self.eyes[t]
            nodes = [
                self.scene.add(self.mesh(t)),
                self.scene.add(MatrixCamera(self.matrices[t] @ pose), pose=pose),
            ]
            pictures.append(self.renderer.render(self.scene, flags=self.flags)[0])
            for node in nodes:
                self.scene.remove_node(node)
        return pictures


def looking(toward):
    """A pose whose z axis points towards a light."""
    z = toward / np.linalg.norm(toward)
    x = np.cross([0.3, 1, 0.2], z)
    x /= np.linalg.norm(x)
    pose = np.eye(4)
    pose[:3, :3] = np.stack([x, np.cross(z, x), z], axis=1)
    return pose


def load():
    global np, pyrender, MatrixCamera
    os.environ["PYOPENGL_PLATFORM"] = "egl"
    os.environ["LIBGL_ALWAYS_SOFTWARE"] = "1"
    import numpy as np
    import pyrender

    class MatrixCamera(pyrender.camera.Camera):
        """A camera of a given projection."""

        def __init__(self, matrix):
            super().__init__(znear=0.5, zfar=8.0)
            self.matrix = matrix

        def get_projection_matrix(self, width=None, height=None):
            return self.matrix

    return {"pyrender": pyrender.__version__}


def save(pictures, path):
    with open(path, "wb") as file:
        np.save(file, np.ascontiguousarray(np.stack(pictures)))


peer.serve(load, lambda case, inputs, options: Scene(inputs, options), Scene.run, save)
