import Crypto
import Foundation

/// SHA-256 digests, as 64 hexadecimal digits.
enum Digest {
    /// Of a text's UTF-8 bytes.
    static func sha256(of text: String) -> String {
        hexadecimal(SHA256.hash(data: Data(text.utf8)))
    }

    /// Of a file's bytes, a mebibyte at a time.
    static func sha256(ofFile path: String) throws(StageFailure) -> String {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            var hash = SHA256()
            while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
                hash.update(data: chunk)
            }
            return hexadecimal(hash.finalize())
        } catch {
            throw StageFailure(
                stage: "read", cause: "unreadable",
                message: "\(path): cannot be read: \(error.localizedDescription)")
        }
    }

    private static func hexadecimal(_ digest: SHA256.Digest) -> String {
        digest.map { String(format: "%02x", $0) }.joined()
    }
}
