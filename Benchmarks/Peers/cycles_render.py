# requires: bpy==5.0.1 numpy==1.26.4
"""Renders as Diffusion4D's script does, with Blender's Cycles on the processor.

Its settings: 256 x 256, 128 samples (or one), denoised, one bounce of diffuse and of glossy light,
three of transparent and transmitted, a filter of 0.01 pixels, transparent film, four suns, RGBA PNG
files. The suns cast no shadows here, as ours do not, which is a little faster. The asset is scaled
into the unit cube by the box of its first frame.

Cases:
  orbit   24 frames of one orbit while the clip plays: set the frame, place the camera, render, write
  dataset for each asset: import, normalise, two orbits and the same two with the clip frozen

A frame takes seconds, so only `rendered` frames of each orbit, evenly spread, are rendered, and their
time counts 24 / rendered times. Importing and normalising count once.
"""

import math
import os
import tempfile
import time

import peer

FRAMES = 24


def load():
    global bpy, Vector
    import bpy
    from mathutils import Vector

    return {"bpy": bpy.app.version_string}


def open_asset(path, options):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.gltf(filepath=path)
    scene = bpy.context.scene
    # The importer's own shape for drawing bones.
    for collection in list(bpy.data.collections):
        if collection.name.startswith("glTF_not_exported"):
            for thing in list(collection.objects):
                bpy.data.objects.remove(thing)
    scene.frame_set(0)
    normalise(scene)
    add_suns(scene)
    set_up(scene, options)


def normalise(scene):
    graph = bpy.context.evaluated_depsgraph_get()
    low, high = [math.inf] * 3, [-math.inf] * 3
    for thing in scene.objects:
        if thing.type != "MESH":
            continue
        posed = thing.evaluated_get(graph)
        mesh = posed.to_mesh()
        for vertex in mesh.vertices:
            place = posed.matrix_world @ vertex.co
            low = [min(a, b) for a, b in zip(low, place)]
            high = [max(a, b) for a, b in zip(high, place)]
        posed.to_mesh_clear()
    roots = [thing for thing in scene.objects if not thing.parent]
    parent = bpy.data.objects.new("normalised", None)
    scene.collection.objects.link(parent)
    for root in roots:
        root.parent = parent
    scale = 1 / max(b - a for a, b in zip(low, high))
    parent.scale = (scale, scale, scale)
    parent.location = -scale * Vector([(a + b) / 2 for a, b in zip(low, high)])
    bpy.context.view_layer.update()


def add_suns(scene):
    quarter = math.pi / 4
    for energy, turn in [
        (4, (quarter, 0, -quarter)),
        (3, (quarter, 0, 3 * quarter)),
        (4, (-quarter, 0, -5 * quarter)),
        (2, (math.pi, 0, 0)),
    ]:
        sun = bpy.data.lights.new("sun", "SUN")
        sun.energy = energy
        sun.use_shadow = False
        thing = bpy.data.objects.new("sun", sun)
        thing.rotation_euler = turn
        scene.collection.objects.link(thing)


def set_up(scene, options):
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    scene.collection.objects.link(camera)
    scene.camera = camera
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    cycles.device = "CPU"
    cycles.samples = options["samples"]
    cycles.use_denoising = options["denoises"]
    cycles.use_adaptive_sampling = False
    cycles.diffuse_bounces = cycles.glossy_bounces = 1
    cycles.transparent_max_bounces = cycles.transmission_bounces = 3
    cycles.filter_width = 0.01
    render.film_transparent = True
    render.resolution_x = render.resolution_y = options["size"]
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGBA"
    scene.view_settings.view_transform = "Standard"


def orbit(scene, options, folder, name, moves):
    """Renders some frames of an orbit; what all of them would take."""
    rendered = options["rendered"]
    start = time.perf_counter()
    for k in range(rendered):
        i = k * FRAMES // rendered
        angle = 2 * math.pi * i / FRAMES
        scene.frame_set(i if moves else 0)
        scene.camera.location = (2 * math.sin(angle), -2 * math.cos(angle), 0)
        scene.camera.rotation_euler = (math.pi / 2, 0, angle)
        scene.render.filepath = os.path.join(folder, f"{name}{i}.png")
        bpy.ops.render.render(write_still=True)
    return (time.perf_counter() - start) * FRAMES / rendered


def prepare(case, inputs, options):
    folder = tempfile.mkdtemp()
    assets = [inputs[name] for name in sorted(inputs)]
    if case.startswith("orbit"):
        open_asset(assets[0], options)
    return case, assets, options, folder


def run(state):
    case, assets, options, folder = state
    if case.startswith("orbit"):
        seconds = orbit(bpy.context.scene, options, folder, "multi_frame", moves=True)
        return peer.Timed(seconds, folder)
    seconds = 0
    for asset in assets:
        start = time.perf_counter()
        open_asset(asset, options)
        seconds += time.perf_counter() - start
        for name, moves in [("a", True), ("b", True), ("c", False), ("d", False)]:
            seconds += orbit(bpy.context.scene, options, folder, name, moves)
    return peer.Timed(seconds, folder)


def save(folder, path):
    """The first picture of an orbit."""
    with open(os.path.join(folder, "multi_frame0.png"), "rb") as picture:
        data = picture.read()
    with open(path, "wb") as copy:
        copy.write(data)


peer.serve(load, prepare, run, save)
