import Imaging

/// Where the outputs of surfaces are written; nil for those that are not asked for. Threads write
/// into different rows, hence safe to share.
struct SurfaceOutputs: @unchecked Sendable {
    var depth: UnsafeMutablePointer<Float>?
    var normal: UnsafeMutablePointer<Float>?
    var position: UnsafeMutablePointer<Float>?
    var triangleID: UnsafeMutablePointer<Int32>?
    var partID: UnsafeMutablePointer<Int32>?
    var flow: UnsafeMutablePointer<Float>?
    var sceneFlow: UnsafeMutablePointer<Float>?
}

/// Memory for all outputs but colour, in which threads write side by side.
final class SurfaceScratch {
    private let depth = ScratchBuffer<Float>()
    private let normal = ScratchBuffer<Float>()
    private let position = ScratchBuffer<Float>()
    private let triangleID = ScratchBuffer<Int32>()
    private let partID = ScratchBuffer<Int32>()
    private let flow = ScratchBuffer<Float>()
    private let sceneFlow = ScratchBuffer<Float>()

    /// The memory of the outputs that were cleared last.
    private(set) var outputs = SurfaceOutputs()

    /// Fills the outputs that are asked for with what stands for nothing.
    func clear(_ wanted: RenderOutputs, pixels: Int) {
        func memory<Value>(
            _ output: RenderOutputs, _ buffer: ScratchBuffer<Value>, _ channels: Int, fill: Value
        ) -> UnsafeMutablePointer<Value>? {
            guard wanted.contains(output) else { return nil }
            buffer.reserve(pixels * channels)
            buffer.base.update(repeating: fill, count: pixels * channels)
            return buffer.base
        }
        outputs = SurfaceOutputs(
            depth: memory(.depth, depth, 1, fill: .infinity),
            normal: memory(.normal, normal, 3, fill: 0),
            position: memory(.position, position, 3, fill: 0),
            triangleID: memory(.triangleID, triangleID, 1, fill: -1),
            partID: memory(.partID, partID, 1, fill: -1),
            flow: memory(.flow, flow, 2, fill: 0),
            sceneFlow: memory(.sceneFlow, sceneFlow, 3, fill: 0))
    }

    /// Copies the outputs that were asked for into a frame.
    func copy(to frame: inout RenderedFrame, width: Int, height: Int) {
        func floats(_ memory: UnsafeMutablePointer<Float>?, _ channels: Int) -> FloatImage? {
            guard let memory else { return nil }
            var image = FloatImage(width: width, height: height, channels: channels)
            image.values.withUnsafeMutableBufferPointer {
                _ = $0.update(
                    from: UnsafeBufferPointer(start: memory, count: width * height * channels))
            }
            return image
        }
        func indices(_ memory: UnsafeMutablePointer<Int32>?) -> IndexImage? {
            guard let memory else { return nil }
            var image = IndexImage(width: width, height: height)
            image.values.withUnsafeMutableBufferPointer {
                _ = $0.update(from: UnsafeBufferPointer(start: memory, count: width * height))
            }
            return image
        }
        frame.depth = floats(outputs.depth, 1)
        frame.normal = floats(outputs.normal, 3)
        frame.position = floats(outputs.position, 3)
        frame.triangleID = indices(outputs.triangleID)
        frame.partID = indices(outputs.partID)
        frame.flow = floats(outputs.flow, 2)
        frame.sceneFlow = floats(outputs.sceneFlow, 3)
    }
}
