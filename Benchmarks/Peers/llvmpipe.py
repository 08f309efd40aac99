# requires: moderngl==5.13.0 numpy==2.4.6
"""Draws posed triangles with Mesa's llvmpipe: OpenGL on the processor, through EGL and moderngl.

Inputs of `prepare`:
  positions [T, V, 3] and normals [T, V, 3] float32, triangles [F, 3] uint32, uvs [V, 2] float32,
  clip_from_world [T, 4, 4] float32 row-major, eyes [T, 3] float32, textures NAME [h, w, 4] uint8.
Options:
  width, height, samples (of multisampling), lit (else: constant colour),
  parts: [{"first", "count" (triangles), "base_color" [4] linear, "texture" (a name or ""),
           "metallic", "roughness", "culls"}],
  suns: [{"direction" [3] towards the light, "irradiance" [3]}],
  processes: how many render frames at once, threads: rasterizing threads of each; 0 for none beside
  the process's own.

What is timed is what a frame that moves costs: its vertices are sent to the buffer, drawn,
resolved and read back as RGBA8. Pictures come out as straight-alpha sRGB by `save`.

Of the ways that were tried the fastest is taken. The shader encodes colour by a power of 1 / 2.2 for
a plain RGBA8 target, as viewers do, which resolves samples in encoded light; an sRGB target, which
resolves them in linear light as the renderer beside it does, takes about a sixth longer. Reading a
frame while the next is drawn, rather than at once, makes no difference that could be measured.
"""

import multiprocessing
import os
import time

import peer

VERTEX = """
#version 330
uniform mat4 clip_from_world;
in vec3 place;
in vec3 normal;
in vec2 uv;
out vec3 world;
out vec3 facing;
out vec2 at;
void main() {
    world = place;
    facing = normal;
    at = uv;
    gl_Position = clip_from_world * vec4(place, 1);
}
"""

# A Lambert base under a GGX layer with height-correlated Smith masking and Schlick's Fresnel term:
# glTF's material, without the tables for multiple scattering.
LIT = """
#version 330
const int SUNS = %(count)d;
const vec3 toward[SUNS] = vec3[](%(toward)s);
const vec3 irradiance[SUNS] = vec3[](%(irradiance)s);
uniform vec3 eye;
uniform vec4 base_color;
uniform float metallic;
uniform float roughness;
uniform bool textured;
uniform sampler2D base;
in vec3 world;
in vec3 facing;
in vec2 at;
out vec4 color;
void main() {
    vec3 albedo = base_color.rgb;
    if (textured) albedo *= texture(base, at).rgb;
    %(normal)s
    vec3 v = normalize(eye - world);
    float a = max(roughness * roughness, 0.0045);
    float a2 = a * a;
    float nv = max(dot(n, v), 1e-3);
    vec3 f0 = mix(vec3(0.04), albedo, metallic);
    vec3 diffuse = albedo * (1.0 - metallic) * 0.96;
    vec3 sum = vec3(0);
    for (int i = 0; i < SUNS; i++) {
        vec3 l = toward[i];
        float nl = clamp(dot(n, l), 0.0, 1.0);
        vec3 h = normalize(l + v);
        float nh = clamp(dot(n, h), 0.0, 1.0);
        float away = 1.0 - clamp(dot(v, h), 0.0, 1.0);
        float d = nh * nh * (a2 - 1.0) + 1.0;
        float s = nl * sqrt(nv * nv * (1.0 - a2) + a2) + nv * sqrt(nl * nl * (1.0 - a2) + a2);
        float lobe = 0.5 * a2 / (d * d * max(s, 1e-9));
        float away2 = away * away;
        vec3 fresnel = f0 + (1.0 - f0) * (away2 * away2 * away);
        sum += (diffuse + fresnel * lobe) * irradiance[i] * (nl * 0.31830989);
    }
    color = vec4(pow(clamp(sum, 0.0, 1.0), vec3(0.45454545)), 1);
}
"""

SMOOTH = "vec3 n = normalize(facing); if (!gl_FrontFacing) n = -n;"
# Upside-down pictures turn the derivative along y around.
FLAT = "vec3 n = normalize(cross(dFdy(world), dFdx(world)));"

PLAIN = """
#version 330
uniform vec4 base_color;
out vec4 color;
void main() { color = vec4(pow(base_color.rgb, vec3(0.45454545)), 1); }
"""

PLAIN_TEXTURED = """
#version 330
uniform vec4 base_color;
uniform sampler2D base;
in vec2 at;
out vec4 color;
void main() {
    color = vec4(pow(base_color.rgb * texture(base, at).rgb, vec3(0.45454545)), 1);
}
"""

SRGB8_ALPHA8 = 0x8C43


def lit(suns, normal):
    """The shader for a rig, which the compiler knows."""
    def vectors(key):
        return ", ".join("vec3(%r, %r, %r)" % tuple(map(float, sun[key])) for sun in suns)
    return LIT % {
        "count": len(suns), "toward": vectors("direction"),
        "irradiance": vectors("irradiance"), "normal": normal}


class Scene:
    """A mesh sequence in an OpenGL context, and the frames that one process draws."""

    def __init__(self, inputs, options, share):
        import moderngl
        import numpy

        self.moderngl, self.numpy = moderngl, numpy
        width, height = options["width"], options["height"]
        self.context = moderngl.create_standalone_context(backend="egl", require=330)
        if "llvmpipe" not in self.context.info["GL_RENDERER"]:
            raise RuntimeError(
                f"the renderer is {self.context.info['GL_RENDERER']}, not llvmpipe")
        load = lambda name: numpy.load(inputs[name])
        positions, self.triangles = load("positions"), load("triangles")
        self.matrices, self.eyes = load("clip_from_world"), load("eyes")
        self.frames = list(range(len(positions)))[share[0]::share[1]]
        self.lit = options["lit"]
        textured = "uvs" in inputs and any(part["texture"] for part in options["parts"])
        columns, layout, names = [positions], "3f", ["place"]
        self.smooth = "normals" in inputs
        if self.lit and self.smooth:
            columns, layout, names = columns + [load("normals")], layout + " 3f", names + ["normal"]
        # What does not move is sent once.
        self.vertices = [
            numpy.ascontiguousarray(
                numpy.concatenate([c[t] for c in columns], axis=1), dtype="f4")
            for t in self.frames]
        self.buffer = self.context.buffer(reserve=self.vertices[0].nbytes, dynamic=True)
        bindings = [(self.buffer, layout, *names)]
        if textured:
            bindings.append((self.context.buffer(load("uvs").astype("f4").tobytes()), "2f", "uv"))
        self.textures = {}
        self.parts = []
        for part in options["parts"]:
            self.add(part, bindings, inputs, options)
        self.targets = []
        for _ in range(2):
            many = self.context.framebuffer(
                self.context.texture((width, height), 4, samples=options["samples"]),
                self.context.depth_renderbuffer((width, height), samples=options["samples"]))
            one = self.context.framebuffer(self.context.texture((width, height), 4))
            self.targets.append((many, one))
        self.context.enable(moderngl.DEPTH_TEST)
        self.pictures = numpy.empty((len(self.frames), height, width, 4), "u1")

    def add(self, part, bindings, inputs, options):
        name = part["texture"]
        fragment = (
            lit(options["suns"], SMOOTH if self.smooth else FLAT) if self.lit
            else PLAIN_TEXTURED if name else PLAIN)
        program = self.context.program(VERTEX, fragment)

        def put(key, value):
            if key in program:
                program[key].value = value
        put("base_color", tuple(part["base_color"]))
        put("metallic", part["metallic"])
        put("roughness", part["roughness"])
        put("textured", name != "")
        if name and name not in self.textures:
            pixels = self.numpy.load(inputs[name])
            texture = self.context.texture(
                pixels.shape[1::-1], 4, pixels.tobytes(), internal_format=SRGB8_ALPHA8)
            texture.build_mipmaps()
            texture.filter = (
                self.moderngl.LINEAR_MIPMAP_LINEAR, self.moderngl.LINEAR)
            self.textures[name] = texture
        run = self.triangles[part["first"]:part["first"] + part["count"]]
        used = [
            (b, " ".join(f if n in program else f"{4 * int(f[0])}x" for f, n in
                         zip(layout.split(), names)), *[n for n in names if n in program])
            for b, layout, *names in bindings]
        array = self.context.vertex_array(
            program, [u for u in used if len(u) > 2],
            self.context.buffer(self.numpy.ascontiguousarray(run).tobytes()),
            index_element_size=4)
        self.parts.append((array, program, self.textures.get(name), part["culls"]))

    def draw(self, i):
        t = self.frames[i]
        many, one = self.targets[i % 2]
        self.buffer.write(self.vertices[i])
        many.use()
        many.clear(0, 0, 0, 0)
        # Upside down, so that rows come back from the top; that turns triangles around.
        self.context.front_face = "cw"
        matrix = self.matrices[t].copy()
        matrix[1] = -matrix[1]
        matrix = matrix.T.astype("f4").tobytes()
        culling = None
        for array, program, texture, culls in self.parts:
            if culls != culling:
                (self.context.enable if culls else self.context.disable)(
                    self.moderngl.CULL_FACE)
                culling = culls
            program["clip_from_world"].write(matrix)
            if "eye" in program:
                program["eye"].value = tuple(map(float, self.eyes[t]))
            if texture:
                texture.use()
            array.render()
        self.context.copy_framebuffer(one, many)

    def run(self):
        for i in range(len(self.frames)):
            self.draw(i)
            if i > 0:
                self.read(i - 1)
        self.read(len(self.frames) - 1)

    def read(self, i):
        self.targets[i % 2][1].read_into(self.pictures[i], components=4)


def work(connection, inputs, options, share):
    """Serves one process's share of the frames."""
    try:
        scene = Scene(inputs, options, share)
        connection.send("ready")
        while True:
            if connection.recv() == "run":
                start = time.process_time()
                scene.run()
                connection.send(time.process_time() - start)
            else:
                connection.send((scene.frames, scene.pictures))
    except EOFError:
        pass
    except Exception as error:
        connection.send(f"error: {error}")


class Team:
    """The processes that share the frames: the k-th of n draws frames k, k + n, ..."""

    def __init__(self, inputs, options):
        # Mesa reads these once a process, when it opens the device.
        os.environ["LP_NUM_THREADS"] = str(options["threads"])
        os.environ["LIBGL_ALWAYS_SOFTWARE"] = "1"
        os.environ["GALLIUM_DRIVER"] = "llvmpipe"
        spawn = multiprocessing.get_context("spawn")
        self.members = []
        for k in range(options["processes"]):
            here, there = spawn.Pipe()
            process = spawn.Process(
                target=work, args=(there, inputs, options, (k, options["processes"])),
                daemon=True)
            process.start()
            self.members.append((process, here))
        self.answers()

    def ask(self, what):
        for _, connection in self.members:
            connection.send(what)
        return self.answers()

    def answers(self):
        replies = [connection.recv() for _, connection in self.members]
        for reply in replies:
            if isinstance(reply, str) and reply.startswith("error"):
                raise RuntimeError(reply)
        return replies

    def stop(self):
        for process, _ in self.members:
            process.terminate()
            process.join()


team = None


def load():
    import moderngl

    context = moderngl.create_standalone_context(backend="egl", require=330)
    renderer = context.info["GL_RENDERER"]
    mesa = context.info["GL_VERSION"].split()[-1]
    context.release()
    if "llvmpipe" not in renderer:
        raise RuntimeError(f"OpenGL's renderer is {renderer}, not llvmpipe")
    return {"mesa": mesa, "llvmpipe": renderer[renderer.find("LLVM"):].split(",")[0]}


def prepare(case, inputs, options):
    global team
    if team:
        team.stop()
    team = Team(inputs, options)
    return team


def run(team):
    team.processor = sum(team.ask("run"))
    return team


def save(team, path):
    import numpy

    parts = team.ask("pictures")
    count = sum(len(frames) for frames, _ in parts)
    pictures = numpy.empty((count, *parts[0][1].shape[1:]), "u1")
    for frames, drawn in parts:
        pictures[frames] = drawn
    with open(path, "wb") as file:
        numpy.save(file, straight(numpy, pictures))


def straight(numpy, pictures):
    """Colour multiplied by coverage as straight colour."""
    alpha = pictures[..., 3:].astype("f4") / 255
    color = numpy.clip(pictures[..., :3] / numpy.maximum(alpha, 1 / 255), 0, 255)
    return numpy.concatenate([numpy.rint(color).astype("u1"), pictures[..., 3:]], axis=-1)


if __name__ == "__main__":
    peer.serve(load, prepare, run, save)
