import Documents

/// What is wrong with a manifest or a table that it names, and where.
public typealias ManifestError = DocumentError
