import DatasetBuilding
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct VideoFolderTests {
    private func png(_ shade: UInt8, width: Int = 6, height: Int = 4) throws -> [UInt8] {
        var image = Image(width: width, height: height)
        image.fill(SIMD3(repeating: shade), columns: 0..<width, rows: 0..<height)
        return try image.pngEncoded()
    }

    @Test func framesComeInTheOrderInWhichPeopleCount() throws {
        let folder = TemporaryFolder()
        for i in [10, 9, 1, 2, 30] { try folder.write("frame\(i).PNG", png(UInt8(i))) }
        try folder.write("transforms.json", "{}")
        try folder.write(".hidden.png", [1, 2, 3])
        try folder.write("folder.png/inside.txt", "text")
        let video = try VideoFolder.video(at: folder.path)
        #expect(video.frames.map { $0[0, 0].x } == [1, 2, 9, 10, 30])
        #expect(video.width == 6 && video.height == 4)
    }

    @Test func prefixesChooseAmongPictures() throws {
        let folder = TemporaryFolder()
        for i in 0..<3 {
            try folder.write("color_\(i).png", png(UInt8(i)))
            try folder.write("mask_\(i).png", png(99, width: 3))
        }
        let video = try VideoFolder.video(at: folder.path, prefix: "color_")
        #expect(video.frames.map { $0[0, 0].x } == [0, 1, 2])
    }

    private func error(_ folder: TemporaryFolder, limit: Int = 1 << 29) -> VideoFolderError? {
        #expect(throws: VideoFolderError.self) {
            try VideoFolder.video(at: folder.path, maximumPixelCount: limit)
        }
    }

    @Test func badFoldersAreNamed() throws {
        let folder = TemporaryFolder()
        #expect(error(folder)?.description.contains("the folder is empty") == true)
        try folder.write("notes.txt", "text")
        #expect(
            error(folder) == .noFrames(path: folder.path, prefix: "", otherFiles: 1))
        #expect(throws: VideoFolderError.self) {
            try VideoFolder.video(at: "\(folder.path)/absent")
        }
        #expect(throws: VideoFolderError.self) {
            try VideoFolder.video(at: "\(folder.path)/notes.txt")
        }
    }

    @Test func badFramesAreNamed() throws {
        let folder = TemporaryFolder()
        try folder.write("0.png", png(1))
        try folder.write("1.png", png(1))
        #expect(
            error(folder, limit: 47)
                == .tooLarge(
                    path: folder.path, frames: 2, width: 6, height: 4, maximumPixelCount: 47))
        try folder.write("2.png", png(1, width: 7))
        #expect(
            error(folder)
                == .differentSize(
                    path: "\(folder.path)/2.png", width: 7, height: 4,
                    firstPath: "\(folder.path)/0.png", firstWidth: 6, firstHeight: 4))
        for bytes in [[UInt8](), Array("no picture".utf8), Array(try png(1).prefix(50))] {
            try folder.write("2.png", bytes)
            guard case .unreadableFrame(let path, _) = error(folder) else {
                Issue.record("\(bytes.count) bytes are no frame")
                continue
            }
            #expect(path == "\(folder.path)/2.png")
        }
    }
}
