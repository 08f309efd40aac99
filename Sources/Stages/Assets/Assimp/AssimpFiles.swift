import CAssimp
import Foundation

/// The files that assimp may open: the asset itself, and regular files in its folder.
///
/// Formats name further files (material libraries, animations); through assimp's own file access
/// a corpus could have any file of the machine read, or a pipe that never ends.
final class AssimpFiles {
    private let asset: String
    private let folder: AssetFolder
    private let maximumByteCount: Int

    /// The access for the asset at `asset`, a path in `folder`, to files of at most
    /// `maximumByteCount` bytes.
    init(asset: String, folder: AssetFolder, maximumByteCount: Int) {
        self.asset = asset
        self.folder = folder
        self.maximumByteCount = maximumByteCount
    }

    /// Runs `body` with assimp's description of this access.
    func withFileIO<R>(_ body: (UnsafeMutablePointer<aiFileIO>) -> R) -> R {
        var io = aiFileIO(
            OpenProc: { io, name, mode in
                guard let user = io?.pointee.UserData, let name, let mode,
                    mode[0] == CChar(UInt8(ascii: "r"))
                else { return nil }
                let files = Unmanaged<AssimpFiles>.fromOpaque(user).takeUnretainedValue()
                return files.open(String(cString: name))
            },
            CloseProc: { _, file in
                guard let file else { return }
                fclose(AssimpFiles.stream(file))
                file.deallocate()
            },
            UserData: UnsafeMutableRawPointer(Unmanaged.passUnretained(self).toOpaque())
                .assumingMemoryBound(to: CChar.self))
        return withExtendedLifetime(self) { body(&io) }
    }

    private func open(_ name: String) -> UnsafeMutablePointer<aiFile>? {
        guard let path = path(of: name), AssetFile.byteCount(of: path) <= maximumByteCount else {
            return nil
        }
        let isMD5 = ["md5mesh", "md5anim"].contains(AssetFile.pathExtension(of: path))
        guard let stream = isMD5 ? AssimpFiles.md5Stream(path) : fopen(path, "rb") else {
            return nil
        }
        let file = UnsafeMutablePointer<aiFile>.allocate(capacity: 1)
        file.initialize(
            to: aiFile(
                ReadProc: { file, buffer, size, count in
                    guard let file, let buffer, size > 0 else { return 0 }
                    return fread(buffer, size, count, AssimpFiles.stream(file))
                },
                WriteProc: { _, _, _, _ in 0 },
                TellProc: { file in
                    file.map { max(0, ftell(AssimpFiles.stream($0))) } ?? 0
                },
                FileSizeProc: { file in
                    guard let stream = file.map(AssimpFiles.stream) else { return 0 }
                    let position = ftell(stream)
                    guard position >= 0, fseek(stream, 0, SEEK_END) == 0 else { return 0 }
                    let size = ftell(stream)
                    return fseek(stream, position, SEEK_SET) == 0 ? max(0, size) : 0
                },
                SeekProc: { file, offset, origin in
                    let whence =
                        switch origin {
                        case aiOrigin_CUR: SEEK_CUR
                        case aiOrigin_END: SEEK_END
                        default: SEEK_SET
                        }
                    guard let file, fseek(AssimpFiles.stream(file), offset, whence) == 0 else {
                        return aiReturn_FAILURE
                    }
                    return aiReturn_SUCCESS
                },
                FlushProc: { _ in },
                UserData: UnsafeMutableRawPointer(stream).assumingMemoryBound(to: CChar.self)))
        return file
    }

    /// An MD5 file with carriage returns before its line feeds.
    ///
    /// Where a number ends a line without one, assimp 5.2.5 takes the next line for part of it:
    /// the frame rate would be lost, or whole sections.
    private static func md5Stream(_ path: String) -> UnsafeMutablePointer<FILE>? {
        guard let original = try? AssetFile.bytes(of: path), !original.isEmpty else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(original.count + original.count / 16)
        for byte in original where byte != UInt8(ascii: "\r") {
            if byte == UInt8(ascii: "\n") { text.append(UInt8(ascii: "\r")) }
            text.append(byte)
        }
        guard !text.isEmpty, let stream = fmemopen(nil, text.count + 1, "w+") else { return nil }
        guard fwrite(text, 1, text.count, stream) == text.count, fflush(stream) == 0 else {
            fclose(stream)
            return nil
        }
        rewind(stream)
        return stream
    }

    /// The path that a name may be opened by, or nil where it may not.
    private func path(of name: String) -> String? {
        if name == asset { return AssetFile.kind(of: name) == .file ? name : nil }
        let prefix = (folder.path + "/").utf8
        guard name.utf8.starts(with: prefix),
            let relative = String(name.utf8.dropFirst(prefix.count))
        else { return nil }
        return folder.file(
            at: relative.replacing("\\", with: "/").split(separator: "/").map(String.init))
    }

    /// The stream behind a file that ``open(_:)`` made, which always has one.
    private static func stream(_ file: UnsafeMutablePointer<aiFile>) -> UnsafeMutablePointer<FILE> {
        UnsafeMutableRawPointer(file.pointee.UserData).assumingMemoryBound(to: FILE.self)
    }
}
