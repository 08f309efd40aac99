import Tensors

/// A stack of pre-norm transformer blocks. Benchmarks/Peers/learning.py has the same.
final class Transformer: Module {
    final class Block: Module {
        let attentionNorm: LayerNorm
        let attention: Attention
        let feedForwardNorm: LayerNorm
        let feedForward: FeedForward

        init(_ width: Int, heads: Int) {
            attentionNorm = LayerNorm(width)
            attention = Attention(width, heads: heads, norm: .rms)
            feedForwardNorm = LayerNorm(width)
            feedForward = FeedForward(width)
        }

        func callAsFunction(_ x: Tensor) throws -> Tensor {
            let y = try x + attention(attentionNorm(x))
            return try y + feedForward(feedForwardNorm(y))
        }
    }

    let blocks: [Block]

    init(width: Int, heads: Int, depth: Int) {
        blocks = (0..<depth).map { _ in Block(width, heads: heads) }
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor { try blocks.reduce(x) { try $1($0) } }
}

/// A 3D U-Net of three levels with two residual blocks each. Benchmarks/Peers/learning.py has the
/// same.
final class UNet3D: Module {
    final class Residual: Module {
        let norm1: GroupNorm
        let conv1: Convolution
        let norm2: GroupNorm
        let conv2: Convolution
        let shortcut: Convolution?

        init(_ input: Int, _ output: Int) {
            norm1 = GroupNorm(groups: 8, input)
            conv1 = Convolution(axes: 3, input, output, kernel: 3)
            norm2 = GroupNorm(groups: 8, output)
            conv2 = Convolution(axes: 3, output, output, kernel: 3)
            shortcut = input == output ? nil : Convolution(axes: 3, input, output, kernel: 1)
        }

        func callAsFunction(_ x: Tensor) throws -> Tensor {
            let h = try conv2(norm2(conv1(norm1(x).silu())).silu())
            return try (shortcut.map { try $0(x) } ?? x) + h
        }
    }

    let first: Convolution
    let down: [[Residual]]
    let shrink: [Convolution]
    let grow: [TransposedConvolution]
    let up: [[Residual]]
    let last: Convolution

    init(input: Int, width: Int) {
        let widths = [width, 2 * width, 4 * width]
        first = Convolution(axes: 3, input, width, kernel: 3)
        down = widths.map { [Residual($0, $0), Residual($0, $0)] }
        shrink = zip(widths, widths.dropFirst()).map {
            Convolution(axes: 3, $0, $1, kernel: 3, stride: 2)
        }
        grow = zip(widths.dropFirst(), widths).map {
            TransposedConvolution(axes: 3, $0, $1, kernel: 2, stride: 2)
        }
        up = widths.dropLast().map { [Residual(2 * $0, $0), Residual($0, $0)] }
        last = Convolution(axes: 3, width, input, kernel: 3)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        var h = try first(x)
        var skips: [Tensor] = []
        for level in down.indices {
            h = try down[level].reduce(h) { try $1($0) }
            if level < shrink.count {
                skips.append(h)
                h = try shrink[level](h)
            }
        }
        for level in grow.indices.reversed() {
            h = try Tensor.concatenate([grow[level](h), skips[level]], axis: 1)
            h = try up[level].reduce(h) { try $1($0) }
        }
        return try last(h)
    }
}
