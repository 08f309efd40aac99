import Geometry

/// A vertex on the screen.
///
/// Places are rounded to 1/256 pixel: from there on edge functions are exact integers, so triangles
/// that share an edge neither overlap nor leave a gap between them.
struct ScreenVertex: BitwiseCopyable {
    /// x, y, the bits of the inverse depth, and the flags: one register's worth.
    let packed: SIMD4<Int32>

    /// Place in 1/256 pixel from the picture's top left corner.
    var x: Int32 { packed.x }
    var y: Int32 { packed.y }
    /// One over the distance along -z. It is linear on the screen, and a float holds it to the same
    /// relative precision near and far.
    var inverseDepth: Float { Float(bitPattern: UInt32(bitPattern: packed.z)) }
    /// Why the vertex cannot be used as it is; 0 where it can.
    var flags: Int32 { packed.w }

    @inline(__always)
    init(x: Int32, y: Int32, inverseDepth: Float, flags: Int32) {
        packed = SIMD4(x, y, Int32(bitPattern: inverseDepth.bitPattern), flags)
    }

    /// A vertex that can be used, of a vector of x, y and anything.
    @inline(__always)
    init(place: SIMD4<Int32>, inverseDepth: Float) {
        var packed = place
        packed.z = Int32(bitPattern: inverseDepth.bitPattern)
        packed.w = 0
        self.packed = packed
    }

    /// The vertex is nearer than the near plane, or behind the camera.
    static let isBehind: Int32 = 1
    /// The vertex lies outside the guard band, or is no finite number.
    static let isOutsideGuardBand: Int32 = 2
}

/// A camera in the form that the rasterizer and the shader use.
struct ViewTransform: Sendable {
    /// Columns that turn a point (x, y, z, 1) of the world into (X w, Y w, 1, w), with X and Y in
    /// 1/256 pixel and w the distance along -z.
    let columns: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)
    /// The same in double precision.
    let exact: Matrix4
    /// Where the camera stands.
    let origin: SIMD3<Float>
    /// The direction along the optical axis, of length one.
    let forward: SIMD3<Float>
    /// By how much a ray's direction changes from a pixel to the one on its right.
    let stepX: SIMD3<Float>
    /// By how much a ray's direction changes from a pixel to the one below.
    let stepY: SIMD3<Float>
    /// The focal length in pixels.
    let focalLengthPixels: Float
    /// Where the optical axis meets the picture, in pixels.
    let center: SIMD2<Float>
    /// The middle of the picture in 1/256 pixel, about which the guard band lies.
    let middle: SIMD4<Float>
    /// Camera space's axes in the world.
    let right: SIMD3<Float>
    let up: SIMD3<Float>

    /// Half the side of the guard band in 1/256 pixel, about the picture's middle. Inside it the
    /// differences of coordinates stay below 2^21, as the rasterizer's arithmetic asks.
    static let guardBand: Double = 0x1p20

    init(_ camera: Camera) {
        let focal = camera.focalLengthPixels
        let principal = camera.principalPoint
        let cameraFromWorld = camera.cameraFromWorld
        // Rows: X w = 256 (f x - cx z), Y w = 256 (-f y - cy z), 1, w = -z.
        let screenFromCamera = Matrix4(rowMajor: [
            256 * focal, 0, -256 * principal.x, 0,
            0, -256 * focal, -256 * principal.y, 0,
            0, 0, 0, 1,
            0, 0, -1, 0,
        ])
        exact = screenFromCamera * cameraFromWorld
        columns = (
            SIMD4<Float>(exact.columns.0), SIMD4<Float>(exact.columns.1),
            SIMD4<Float>(exact.columns.2), SIMD4<Float>(exact.columns.3)
        )
        origin = SIMD3<Float>(camera.position)
        let pose = camera.worldFromCamera
        right = SIMD3<Float>(normalize(pose.transform(direction: SIMD3(1, 0, 0))))
        up = SIMD3<Float>(normalize(pose.transform(direction: SIMD3(0, 1, 0))))
        forward = SIMD3<Float>(normalize(pose.transform(direction: SIMD3(0, 0, -1))))
        focalLengthPixels = Float(focal)
        stepX = right / Float(focal)
        stepY = -up / Float(focal)
        center = SIMD2<Float>(principal)
        middle = SIMD4(128 * Float(camera.width), 128 * Float(camera.height), 0, 0)
    }

    /// Moves vertices `range` of `positions` (`[V, 3]`) to the screen.
    ///
    /// - Returns: the pixels that they span.
    /// - Complexity: linear in the count.
    func project(
        _ range: Range<Int>, of positions: UnsafePointer<Float>,
        into vertices: UnsafeMutablePointer<ScreenVertex>
    ) -> ScreenBounds {
        let near = Float(Camera.nearDistance)
        let band = SIMD4<Float>(repeating: Float(ViewTransform.guardBand))
        let middle = middle
        let (c0, c1, c2, c3) = columns
        var bounds = ScreenBounds()
        var low = SIMD4<Int32>(repeating: .max)
        var high = SIMD4<Int32>(repeating: .min)
        for i in range {
            let p = positions + 3 * i
            let h = c0 * p[0] + (c1 * p[1] + (c2 * p[2] + c3))
            let w = h.w
            let screen = h * (1 / w)
            let offset = screen - middle
            // Written so that what is not a number fails.
            let inside =
                offset.x <= band.x && offset.x >= -band.x && offset.y <= band.y
                && offset.y >= -band.y
            guard w >= near, inside else {
                vertices[i] = ScreenVertex(
                    x: 0, y: 0, inverseDepth: 0,
                    flags: w < near
                        ? ScreenVertex.isBehind : ScreenVertex.isOutsideGuardBand)
                bounds.needsClipping = true
                continue
            }
            let place = nearestIntegers(screen)
            low = low.replacing(with: place, where: place .< low)
            high = high.replacing(with: place, where: place .> high)
            vertices[i] = ScreenVertex(place: place, inverseDepth: screen.z)
        }
        bounds.formUnion(low: low, high: high)
        return bounds
    }
}

/// The part of the screen that vertices span, in 1/256 pixel.
struct ScreenBounds {
    var low = SIMD2<Int32>(repeating: .max)
    var high = SIMD2<Int32>(repeating: .min)
    /// Whether some vertex lies behind the camera or outside the guard band, so that nothing is
    /// known about where its triangles lie.
    var needsClipping = false

    mutating func formUnion(low l: SIMD4<Int32>, high h: SIMD4<Int32>) {
        low = SIMD2(min(low.x, l.x), min(low.y, l.y))
        high = SIMD2(max(high.x, h.x), max(high.y, h.y))
    }

    mutating func formUnion(_ other: ScreenBounds) {
        low = SIMD2(min(low.x, other.low.x), min(low.y, other.low.y))
        high = SIMD2(max(high.x, other.high.x), max(high.y, other.high.y))
        needsClipping = needsClipping || other.needsClipping
    }

    /// The pixels spanned, within a picture of the given size.
    func pixels(width: Int, height: Int) -> PixelRect {
        guard !needsClipping else { return PixelRect(x: 0..<width, y: 0..<height) }
        guard low.x <= high.x else { return PixelRect(x: 0..<0, y: 0..<0) }
        func range(_ low: Int32, _ high: Int32, _ side: Int) -> Range<Int> {
            let first = min(max(0, Int(low) >> 8), side)
            return first..<max(first, min(side, (Int(high) >> 8) + 1))
        }
        return PixelRect(x: range(low.x, high.x, width), y: range(low.y, high.y, height))
    }
}

/// A rectangle of pixels.
struct PixelRect: Equatable {
    var x: Range<Int>
    var y: Range<Int>

    var isEmpty: Bool { x.isEmpty || y.isEmpty }
}
