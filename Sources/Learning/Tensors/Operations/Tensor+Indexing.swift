import CTorch

/// What to take of an axis.
public enum TensorIndex: ExpressibleByIntegerLiteral, Sendable {
    /// One place; the axis goes. Negative places count from the end.
    case at(Int)
    /// All of it.
    case all
    /// Places `from` up to but not including `to`, by steps; negative ones count from the end, nil
    /// is the end itself.
    case slice(from: Int = 0, to: Int? = nil, by: Int = 1)
    /// A new axis of length 1.
    case new
    /// As many whole axes as the other indices leave.
    case rest

    /// One place.
    public init(integerLiteral place: Int) { self = .at(place) }

    /// Places of a range.
    public static func range(_ range: Range<Int>) -> TensorIndex {
        .slice(from: range.lowerBound, to: range.upperBound)
    }
}

extension Tensor {
    /// A part that shows this tensor's memory: `try x[.rest, .slice(from: 1), 0]`.
    public final subscript(_ indices: TensorIndex...) -> Tensor {
        get throws {
            var result = self
            var axis = 0
            for (position, index) in indices.enumerated() {
                switch index {
                case .at(let place): result = try result.select(axis, place)
                case .all: axis += 1
                case .slice(let start, let end, let step):
                    result = try result.slice(axis, from: start, to: end, by: step)
                    axis += 1
                case .new:
                    result = try result.unsqueezed(axis)
                    axis += 1
                case .rest:
                    // Each index that follows takes one axis, but `new` none.
                    let following = indices[(position + 1)...].count {
                        if case .new = $0 { false } else { true }
                    }
                    axis = result.rank - following
                }
            }
            return result
        }
    }

    /// One place of an axis, without the axis.
    public final func select(_ axis: Int, _ place: Int) throws -> Tensor {
        try made("select") { torch_select($0, axis, place) }
    }

    /// Places `start` up to but not including `end` of an axis, by steps.
    public final func slice(
        _ axis: Int, from start: Int = 0, to end: Int? = nil, by step: Int = 1
    ) throws -> Tensor {
        try made("slice") { torch_slice($0, axis, start, end ?? Int.max, step) }
    }

    /// Places of an axis, given as a vector of `int64`.
    public final func indexSelect(_ axis: Int, _ places: Tensor) throws -> Tensor {
        try made("indexSelect", with: places) { torch_index_select($0, axis, $1) }
    }

    /// result[i][j] = self[i][places[i][j]] for axis 1, and so on.
    public final func gather(_ axis: Int, _ places: Tensor) throws -> Tensor {
        try made("gather", with: places) { torch_gather($0, axis, $1) }
    }

    /// This tensor with result[i][places[i][j]] = source[i][j] for axis 1, and so on.
    public final func scattered(_ axis: Int, _ places: Tensor, _ source: Tensor) throws -> Tensor {
        try made("scattered", with: places, source) { torch_scatter($0, axis, $1, $2) }
    }

    /// This tensor with source[i][j] added to result[i][places[i][j]] for axis 1, and so on.
    public final func scatteredAdd(
        _ axis: Int, _ places: Tensor, _ source: Tensor
    ) throws -> Tensor {
        try made("scatteredAdd", with: places, source) { torch_scatter_add($0, axis, $1, $2) }
    }

    /// This tensor with slices of `source` added at places of an axis.
    public final func indexAdd(_ axis: Int, _ places: Tensor, _ source: Tensor) throws -> Tensor {
        try made("indexAdd", with: places, source) { torch_index_add($0, axis, $1, $2) }
    }

    /// The elements at places given per axis: vectors of `int64` that broadcast, or masks; nil takes
    /// the whole axis.
    public final func gathered(at places: [Tensor?]) throws -> Tensor {
        try Tensor.made("gathered", [self] + places.compactMap { $0 }) {
            withExtendedLifetime(self) {
                Tensor.withHandles(places) { torch_index(handle, $0, $0.count) }
            }
        }
    }

    /// Puts values at places given per axis, as in `gathered`.
    ///
    /// - Parameter accumulating: adds instead, also where a place is given twice.
    public final func putInPlace(
        _ values: Tensor, at places: [Tensor?], accumulating: Bool = false
    ) throws {
        let succeeded = withExtendedLifetime((self, values)) {
            Tensor.withHandles(places) {
                torch_index_put_(handle, $0, $0.count, values.handle, accumulating)
            }
        }
        guard succeeded else { throw TensorError.last("putInPlace", [self, values]) }
    }

    /// The elements where a mask (`bool`) holds, as a vector.
    public final func masked(_ mask: Tensor) throws -> Tensor {
        try made("masked", with: mask, torch_masked_select)
    }

    /// The places of elements that are not zero, `[count, rank]` of `int64`.
    public final func nonzero() throws -> Tensor { try made("nonzero", torch_nonzero) }

    /// Before which place of this ascending vector each value belongs (`int64`).
    ///
    /// - Parameter right: after elements that are equal, else before them.
    public final func searchSorted(_ values: Tensor, right: Bool = false) throws -> Tensor {
        try made("searchSorted", with: values) { torch_searchsorted($0, $1, right) }
    }

    /// Whole numbers as vectors with a single 1 (`int64`).
    public final func oneHot(_ classes: Int) throws -> Tensor {
        try made("oneHot") { torch_one_hot($0, classes) }
    }

    /// How often each whole number occurs (`int64`).
    public final func binCount(minimumLength: Int = 0) throws -> Tensor {
        try made("binCount") { torch_bincount($0, minimumLength) }
    }
}
