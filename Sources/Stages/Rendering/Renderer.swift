import Geometry
import Imaging
import Synchronization

/// Renders a mesh sequence from any cameras, on the processor's cores.
///
/// Making a renderer prepares what all frames share: textures with their mipmaps, materials, the
/// order of drawing. Rendering a view then moves the frame's vertices to the screen, finds the
/// nearest triangle at every sample, and shades each triangle once in each pixel that sees it.
///
/// A picture depends on nothing but the mesh, the settings and the view: the number of threads
/// changes no byte.
///
/// ```swift
/// let renderer = try Renderer(mesh: mesh, settings: RenderSettings(width: 256, height: 256))
/// let views = CameraPath.orbit().views(frameCount: mesh.frameCount)
/// let frames = renderer.renderVideo(views)
/// ```
public final class Renderer: Sendable {
    /// What is rendered.
    public let mesh: MeshSequence
    /// How it is rendered.
    public let settings: RenderSettings
    let scene: PreparedScene
    let centroids: CoverageCentroids
    let partEnds: [Int]
    /// Whether colour varies smoothly over every surface whose triangles share vertices.
    let isSmooth: Bool
    private let pool = Mutex<[ScratchBox]>([])

    /// Prepares a mesh sequence.
    ///
    /// - Throws: ``RenderingError`` where the size is not supported, or where the mesh refers to
    ///   vertices, materials or textures that it does not hold.
    /// - Complexity: linear in the triangles and in the pixels of the textures.
    public init(mesh: MeshSequence, settings: RenderSettings) throws(RenderingError) {
        let sides = 1...RenderSettings.maximumSide
        guard sides.contains(settings.width), sides.contains(settings.height) else {
            throw .unsupportedSize(width: settings.width, height: settings.height)
        }
        self.mesh = mesh
        self.settings = settings
        scene = try PreparedScene(
            mesh, culling: settings.culling, reflects: !settings.lights.showsOwnColor,
            threads: ParallelWork.threadCount(settings.threads))
        centroids = CoverageCentroids(settings.samples)
        partEnds = mesh.parts.map(\.triangles.upperBound)
        isSmooth = settings.lights.showsOwnColor || Renderer.hasNormalsEverywhere(mesh)
    }

    /// Renders one view, with all threads sharing its rows.
    ///
    /// - Parameters:
    ///   - view: its camera must have the settings' size, its frame must be one of the mesh's.
    ///   - next: the view to which flow leads.
    public func render(_ view: View, next: View? = nil) -> RenderedFrame {
        withScratch {
            render(
                view, next: next, threads: ParallelWork.threadCount(settings.threads),
                scratch: $0)
        }
    }

    /// Renders views, with every thread working on a view of its own, and hands each of them over
    /// as soon as it is done.
    ///
    /// Flow leads from a view to the next one of the same track in the list.
    ///
    /// - Parameters:
    ///   - views: the cameras must have the settings' size.
    ///   - onFrame: takes the index of a view and its pictures; called from several threads, in no
    ///     order.
    public func render(
        views: [View], onFrame: @Sendable (_ index: Int, _ frame: RenderedFrame) -> Void
    ) {
        let threads = ParallelWork.threadCount(settings.threads)
        let successors = Renderer.successors(views)
        // Where there are fewer views than threads, threads share the rows of each view instead.
        let threadsPerView = max(1, threads / max(1, views.count))
        ParallelWork.forEach(count: views.count, threads: threads) { i, _ in
            withScratch { scratch in
                onFrame(
                    i,
                    render(
                        views[i], next: successors[i].map { views[$0] },
                        threads: threadsPerView, scratch: scratch))
            }
        }
    }

    /// Renders views and returns their pictures in the same order.
    ///
    /// - Parameter views: see ``render(views:onFrame:)``.
    public func renderVideo(_ views: [View]) -> [RenderedFrame] {
        let frames = Mutex([RenderedFrame](repeating: RenderedFrame(), count: views.count))
        render(views: views) { i, frame in frames.withLock { $0[i] = frame } }
        return frames.withLock { $0 }
    }

    /// Whether every vertex has a normal in every frame, so that no triangle is flat.
    private static func hasNormalsEverywhere(_ mesh: MeshSequence) -> Bool {
        guard !mesh.normals.isEmpty else { return false }
        return mesh.normals.scalars.withUnsafeBufferPointer { n in
            var shortest = Float.infinity
            for i in stride(from: 0, to: n.count, by: 3) {
                let squared = n[i] * n[i] + n[i + 1] * n[i + 1] + n[i + 2] * n[i + 2]
                // Written so that what is not a number counts as none.
                shortest = squared >= shortest ? shortest : squared
            }
            return shortest > 0.25
        }
    }

    /// For each view, the index of the next one of its track.
    private static func successors(_ views: [View]) -> [Int?] {
        var next: [Int: Int] = [:]
        var successors = [Int?](repeating: nil, count: views.count)
        for i in views.indices.reversed() {
            successors[i] = next[views[i].track]
            next[views[i].track] = i
        }
        return successors
    }

    /// Lends memory that was used before, or new memory where all of it is in use.
    private func withScratch<Result>(_ body: (FrameScratch) -> Result) -> Result {
        let box = pool.withLock { $0.popLast() } ?? ScratchBox(scratch: FrameScratch())
        defer { pool.withLock { $0.append(box) } }
        return body(box.scratch)
    }
}

/// Carries scratch memory between threads; it is in one thread's hands at a time.
private struct ScratchBox: @unchecked Sendable {
    let scratch: FrameScratch
}
