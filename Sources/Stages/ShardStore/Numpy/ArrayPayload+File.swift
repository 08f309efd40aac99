extension ArrayPayload {
    /// The array as a `.npy` file of version 1.0, whose data starts at a multiple of 64 bytes.
    public var numpyFile: [UInt8] { NumpyHeader(type: type, shape: shape).bytes + bytes }
}
