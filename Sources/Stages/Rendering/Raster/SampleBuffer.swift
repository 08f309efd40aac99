/// Eight samples: one cache line.
struct SampleGroup: BitwiseCopyable {
    /// One over the distance of the nearest surface so far; 0 (infinitely far) where there is none.
    var inverseDepth: FloatLanes
    /// Its triangle, or ``noTriangle``.
    var triangle: IntLanes

    /// Nothing is seen.
    static let noTriangle: Int32 = -1
    /// Eight samples at which nothing is seen.
    static let empty = SampleGroup(
        inverseDepth: .zero, triangle: IntLanes(repeating: noTriangle))
}

/// The samples of a band of rows, and the part of it that is drawn into.
struct SampleTarget {
    /// `[rows, groupsPerRow]`; its first row is `rect.y.lowerBound`.
    let groups: UnsafeMutablePointer<SampleGroup>
    /// Groups that a row of the picture takes.
    let groupsPerRow: Int
    /// The pixels that are drawn.
    let rect: PixelRect
    /// The first column and row, and the last column and row, that are drawn.
    let bounds: SIMD4<Int32>
    private let sharedPattern: UnsafePointer<SamplePattern>

    init(
        groups: UnsafeMutablePointer<SampleGroup>, groupsPerRow: Int, rect: PixelRect,
        samples: SampleCount
    ) {
        self.groups = groups
        self.groupsPerRow = groupsPerRow
        self.rect = rect
        bounds = SIMD4<Int32>(
            truncatingIfNeeded: SIMD4(
                rect.x.lowerBound, rect.y.lowerBound, rect.x.upperBound - 1,
                rect.y.upperBound - 1))
        sharedPattern = SamplePattern.shared(samples)
    }

    /// How samples lie in pixels and groups. Behind a pointer, so that handing the target to a
    /// function does not copy it.
    var pattern: SamplePattern {
        @inline(__always) get { sharedPattern.pointee }
    }

    /// The first group of a row of the picture.
    @inline(__always)
    func row(_ y: Int) -> UnsafeMutablePointer<SampleGroup> {
        groups + (y &- rect.y.lowerBound) &* groupsPerRow
    }

    /// The groups of a row that hold pixels of the rectangle.
    var groupRange: Range<Int> {
        let unit = 1 << Int(pattern.unitShift)
        let first = rect.x.lowerBound / unit
        let end = (rect.x.upperBound + unit - 1) / unit
        return first << Int(pattern.phaseShift)..<end << Int(pattern.phaseShift)
    }

    /// Removes everything from the rectangle.
    func clear() {
        let range = groupRange
        for y in rect.y {
            (row(y) + range.lowerBound).update(repeating: .empty, count: range.count)
        }
    }
}

/// What becomes of the samples that a triangle covers.
protocol SampleSink {
    /// Takes eight samples.
    ///
    /// - Parameters:
    ///   - group: the samples in memory.
    ///   - outside: negative in lanes that the triangle does not cover.
    ///   - inverseDepth: the triangle's, in every lane, as the bits of a positive float.
    ///   - place: where the group lies.
    mutating func visit(
        _ group: UnsafeMutablePointer<SampleGroup>, outside: IntLanes,
        inverseDepth: IntLanes, at place: GroupPlace)
}

/// Where a group of samples lies on the screen.
struct GroupPlace {
    /// The first pixel's column.
    var column: Int32
    /// The row.
    var row: Int32
    /// 0, or 1 for the second half of a pixel's sixteen samples.
    var phase: Int32
}

/// The bits of inverse depths where a triangle covers samples, and where it does not, a number that
/// is smaller than all of them.
@inline(__always)
func covered(_ inverseDepth: IntLanes, _ outside: IntLanes) -> IntLanes {
    inverseDepth | (outside &>> 31)
}

/// Keeps the nearest triangle: first come, first served between equally near ones.
struct NearestSink: SampleSink {
    /// The triangle being drawn.
    var triangle: Int32 = 0

    @inline(__always)
    mutating func visit(
        _ group: UnsafeMutablePointer<SampleGroup>, outside: IntLanes,
        inverseDepth: IntLanes, at place: GroupPlace
    ) {
        let candidate = covered(inverseDepth, outside)
        let kept = bits(group.pointee.inverseDepth)
        let nearer = candidate .> kept
        // Small triangles fail the test, or pass it, too irregularly for the processor to guess:
        // always writing is faster.
        group.pointee.inverseDepth = floats(bits: kept.replacing(with: candidate, where: nearer))
        group.pointee.triangle = group.pointee.triangle.replacing(
            with: IntLanes(repeating: triangle), where: nearer)
    }
}
