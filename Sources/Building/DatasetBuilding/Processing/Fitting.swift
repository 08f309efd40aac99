import Geometry
import Imaging
import Rendering

/// Chooses a lens for a video so that the object fills a fixed share of the picture over all of
/// it (ShapeGen4D's fixed foreground ratio), without moving the camera.
enum Fitting {
    /// The same views through one lens, zoomed and shifted so that the longer side of the box
    /// around all alpha takes `share` of the picture and stands in its middle.
    ///
    /// A first guess comes from the projected vertices; what alpha really shows (masks, blends,
    /// faces that are culled) then corrects it, in two rounds of rendering.
    static func fit(
        _ views: [View], of mesh: MeshSequence, share: Double,
        render: ([View]) throws -> [Image]
    ) rethrows -> [View] {
        guard var window = projectedWindow(views, of: mesh) else { return views }
        var fitted = zoom(views, onto: window, share: share)
        for _ in 0..<2 {
            guard let seen = alphaWindow(try render(fitted)) else { return fitted }
            window = seen
            fitted = zoom(fitted, onto: window, share: share)
        }
        return fitted
    }

    /// A box in pixels, from the top left.
    private struct Window {
        var minimum: SIMD2<Double>
        var maximum: SIMD2<Double>

        mutating func formUnion(_ p: SIMD2<Double>) {
            minimum = pointwiseMin(minimum, p)
            maximum = pointwiseMax(maximum, p)
        }
    }

    private static func projectedWindow(_ views: [View], of mesh: MeshSequence) -> Window? {
        var window: Window?
        for view in views {
            let camera = view.camera
            for v in mesh.vertexRange(ofFrame: view.frame) {
                guard let p = camera.project(SIMD3<Double>(mesh.positions[v]))?.pixel,
                    p - p == .zero
                else { continue }
                if window == nil { window = Window(minimum: p, maximum: p) }
                window?.formUnion(p)
            }
        }
        return window
    }

    private static func alphaWindow(_ images: [Image]) -> Window? {
        var window: Window?
        for image in images {
            for y in 0..<image.height {
                for x in 0..<image.width where image.pixels[(y * image.width + x) * 4 + 3] > 0 {
                    let low = SIMD2(Double(x), Double(y))
                    if window == nil { window = Window(minimum: low, maximum: low + 1) }
                    window?.formUnion(low)
                    window?.formUnion(low + 1)
                }
            }
        }
        return window
    }

    private static func zoom(_ views: [View], onto window: Window, share: Double) -> [View] {
        let side = (window.maximum - window.minimum).max()
        guard side > 0 else { return views }
        return views.map { view in
            var view = view
            view.camera.zoom(
                by: share * Double(min(view.camera.width, view.camera.height)) / side,
                center: (window.minimum + window.maximum) / 2)
            return view
        }
    }
}
