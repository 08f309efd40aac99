import CTorch

extension Tensor {
    /// The product of matrices in the last two axes, the others broadcast; of vectors, the dot
    /// product.
    public final func matmul(_ other: Tensor) throws -> Tensor {
        try made("matmul", with: other, torch_matmul)
    }

    /// The dot product of two vectors.
    public final func dot(_ other: Tensor) throws -> Tensor {
        try made("dot", with: other, torch_dot)
    }

    /// bias + a b for matrices.
    public static func addMatrixProduct(_ bias: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
        try bias.made("addMatrixProduct", with: a, b, torch_addmm)
    }

    /// β bias + α a b for stacks of matrices, `[batch, n, m]`.
    public static func addBatchedMatrixProduct(
        _ bias: Tensor, _ a: Tensor, _ b: Tensor, beta: Double = 1, alpha: Double = 1
    ) throws -> Tensor {
        try bias.made("addBatchedMatrixProduct", with: a, b) {
            torch_baddbmm($0, $1, $2, beta, alpha)
        }
    }

    /// A sum of products over named axes: `einsum("bij,bjk->bik", a, b)`.
    public static func einsum(_ equation: String, _ tensors: Tensor...) throws -> Tensor {
        try made("einsum", tensors) {
            withHandles(tensors) { torch_einsum(equation, $0, $0.count) }
        }
    }

    /// Distances between rows, `[..., P, R]` of `[..., P, M]` and `[..., R, M]`.
    public final func distances(to other: Tensor, order: Double = 2) throws -> Tensor {
        try made("distances", with: other) { torch_cdist($0, $1, order) }
    }

    /// The cross product along an axis of length 3.
    public final func cross(_ other: Tensor, axis: Int = -1) throws -> Tensor {
        try made("cross", with: other) { torch_cross($0, $1, axis) }
    }

    /// The inverses of square matrices.
    public final func inverse() throws -> Tensor { try made("inverse", torch_linalg_inv) }

    /// The determinants of square matrices.
    public final func determinant() throws -> Tensor { try made("determinant", torch_det) }

    /// x with self x = b.
    public final func solve(_ b: Tensor) throws -> Tensor {
        try made("solve", with: b, torch_linalg_solve)
    }

    /// U, the singular values in descending order, and Vᵀ, without the columns that the smaller
    /// side does not need.
    public final func singularValues() throws -> (u: Tensor, s: Tensor, vT: Tensor) {
        let parts = try Tensor.made("singularValues", count: 3, [self]) {
            torch_svd(handle, $0, $0 + 1, $0 + 2)
        }
        return (parts[0]!, parts[1]!, parts[2]!)
    }
}
