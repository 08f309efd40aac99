/// What this program calls itself in stores and on the command line.
public enum Version {
    /// The version, which provenance records: the same manifest, inputs and version give
    /// byte-identical shards.
    public static let current = "0.1.0"
}
