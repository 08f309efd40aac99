import Foundation

/// Writes samples back into folders of files.
///
/// Each sample becomes a folder of its key, and the dots of a field's name but the last become
/// folders: `orbit.000.png` of `Fox__Survey` becomes `Fox__Survey/orbit/000.png`. An array is
/// written as its `.npy`.
public enum StoreExporter {
    /// Exports samples.
    ///
    /// Files that are there already are replaced. Every field is held against its checksum.
    ///
    /// - Parameters:
    ///   - query: which samples.
    ///   - reader: the store.
    ///   - folder: where to; made where it is not.
    ///   - onSample: called with the key of each sample that is written.
    /// - Returns: the count of samples written.
    /// - Throws: `StoreError.corrupt` and the other errors of `StoreReader.field`; `invalid` for
    ///   names in the index that are none of the store's; `file`.
    @discardableResult
    public static func export(
        _ query: SampleQuery = SampleQuery(), of reader: StoreReader, to folder: String,
        onSample: (String) -> Void = { _ in }
    ) throws -> Int {
        var count = 0
        try reader.forEachSample(query) { sample in
            try export(sample, of: reader, to: folder)
            onSample(sample.key)
            count += 1
        }
        return count
    }

    /// Exports one sample.
    ///
    /// - Throws: as for several.
    public static func export(
        _ sample: StoredSample, of reader: StoreReader, to folder: String
    ) throws(StoreError) {
        for entry in sample.fields {
            let path = "\(folder)/\(try relativePath(ofField: entry.name, key: sample.key))"
            let data = try reader.data(of: entry, of: sample.key, checked: true)
            do {
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent,
                    withIntermediateDirectories: true)
                try Data(data.fileBytes).write(to: URL(fileURLWithPath: path))
            } catch {
                throw .file(doing: "exporting", path: path, reason: error.localizedDescription)
            }
        }
    }

    /// Where a field goes in the folder of an export.
    ///
    /// Key and name are held against the rules of `SampleKey` and `FieldName`, whatever the index
    /// says, so that no path leads out of the folder. A name of one part takes the key as its
    /// stem: `png` of `Fox` becomes `Fox/Fox.png`; so files have a dot and folders have none.
    ///
    /// - Throws: `StoreError.invalid`.
    public static func relativePath(
        ofField name: String, key: String
    ) throws(StoreError) -> String {
        guard SampleKey.isValid(key), FieldName.isWellFormed(name) else {
            throw .invalid(
                record: "sample \(key)", what: "the index has a name that is none: \(name)")
        }
        let parts = name.split(separator: ".")
        if parts.count == 1 { return "\(key)/\(key).\(name)" }
        let folders = [Substring(key)] + parts.dropLast(2)
        return folders.joined(separator: "/") + "/" + parts.suffix(2).joined(separator: ".")
    }
}
