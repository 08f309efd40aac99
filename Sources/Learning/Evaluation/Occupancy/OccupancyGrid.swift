import Geometry

/// A cube of cells.
public struct CellBox: Sendable, Equatable, Codable {
    /// Cells along each side.
    public var resolution: Int
    /// Half the length of a side.
    public var halfSide: Float
    /// The middle of the cube.
    public var center: SIMD3<Float>

    /// The default is 128³ cells over the unit cube about the origin.
    public init(resolution: Int = 128, halfSide: Float = 0.5, center: SIMD3<Float> = .zero) {
        precondition(resolution > 0 && halfSide > 0, "a box has cells and a size")
        self.resolution = resolution
        self.halfSide = halfSide
        self.center = center
    }

    /// The length of a cell's side.
    public var spacing: Float { 2 * halfSide / Float(resolution) }

    /// The middle of a cell, or the corner between cells at half steps.
    @inline(__always)
    func middle(_ x: Float, _ y: Float, _ z: Float) -> SIMD3<Float> {
        center - halfSide + (SIMD3(x, y, z) + 0.5) * spacing
    }
}

/// Which cells of a box have their middle inside a shape.
public struct OccupancyGrid: Sendable, Equatable {
    /// The box.
    public let box: CellBox
    /// `[z, y, x]`, x varying fastest.
    public let isInside: [Bool]

    /// A grid of known cells.
    ///
    /// - Parameter isInside: `[resolution³]`.
    public init(_ box: CellBox, isInside: [Bool]) {
        precondition(
            isInside.count == box.resolution * box.resolution * box.resolution, "one value a cell")
        self.box = box
        self.isInside = isInside
    }

    /// The cells with a negative signed distance, or, where the sign says so, with a positive one.
    ///
    /// - Parameter distances: `[z, y, x]` at the cells' middles, as a store's `grid.npy` holds a
    ///   frame.
    public init(_ box: CellBox, distances: [Float], positiveInside: Bool = false) {
        self.init(box, isInside: distances.map { positiveInside ? $0 > 0 : $0 < 0 })
    }

    /// The cells at whose middles a field on a grid of nodes is below 0; what lies beyond the grid
    /// is outside.
    ///
    /// - Complexity: O(*R*³) for *R* cells a side.
    public init(_ box: CellBox, field: ScalarGrid) {
        let n = box.resolution
        var cells: [Bool] = []
        cells.reserveCapacity(n * n * n)
        for z in 0..<n {
            for y in 0..<n {
                for x in 0..<n {
                    let place = box.middle(Float(x), Float(y), Float(z))
                    cells.append(field.value(at: place).map { $0 < 0 } ?? false)
                }
            }
        }
        self.init(box, isInside: cells)
    }

    /// The number of cells inside.
    public var count: Int { isInside.count { $0 } }

    /// The cells inside both over those inside either; 1 where both are empty.
    public func intersectionOverUnion(with other: OccupancyGrid) -> Double {
        precondition(box == other.box, "grids of one box are compared")
        var both = 0, either = 0
        for (a, b) in zip(isInside, other.isInside) {
            both += a && b ? 1 : 0
            either += a || b ? 1 : 0
        }
        return either == 0 ? 1 : Double(both) / Double(either)
    }
}
