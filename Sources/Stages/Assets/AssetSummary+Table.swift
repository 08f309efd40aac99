import Foundation

extension AssetSummary {
    /// The summary as aligned text, one fact a line; clips and textures as tables.
    public func table() -> String {
        var lines = TextTable.aligned(facts)
        if !clips.isEmpty {
            lines.append("clips")
            lines += TextTable.aligned([clipHeadings] + clips.map(row), numbersFrom: 1).map {
                "  " + $0
            }
        }
        let measured = clips.enumerated().filter { !$0.element.bounds.isEmpty }
        if !measured.isEmpty {
            lines.append("bounds over time (metres)")
            var rows = [["clip", "seconds", "min x", "y", "z", "max x", "y", "z"]]
            for (i, clip) in measured {
                rows += clip.bounds.map { sample in
                    [clip.name.isEmpty ? "\(i)" : clip.name, decimal(sample.timeSeconds)]
                        + (sample.minimum + sample.maximum).map { decimal(Double($0)) }
                }
            }
            lines += TextTable.aligned(rows, numbersFrom: 1).map { "  " + $0 }
        }
        if !textures.isEmpty {
            lines.append("textures")
            let rows = textures.map {
                [$0.name.isEmpty ? "-" : $0.name, "\($0.width) x \($0.height)"]
            }
            lines += TextTable.aligned(rows).map { "  " + $0 }
        }
        for (title, entries) in [("missing textures", missingTextures), ("warnings", warnings)]
        where !entries.isEmpty {
            lines.append(title)
            lines += entries.map { "  " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var facts: [[String]] {
        [
            ["name", name],
            ["format", format],
            ["meshes", "\(primitiveCount) (shown \(instanceCount) times)"],
            ["vertices", "\(vertexCount)"],
            ["triangles", "\(triangleCount)"],
            ["joints", "\(jointCount)"],
            ["morph targets", "\(morphTargetCount)"],
            [
                "materials",
                "\(materials.count)" + (materials.allSatisfy(\.isEmpty) ? "" : ": ")
                    + materials.filter { !$0.isEmpty }.joined(separator: ", "),
            ],
            ["textures", "\(textures.count)"],
            ["clips", "\(clips.count)"],
            ["rest pose", restBounds.map(box) ?? "-"],
        ]
    }

    private func box(_ sample: BoundsSample) -> String {
        func corner(_ numbers: [Float]) -> String {
            "(" + numbers.map { decimal(Double($0)) }.joined(separator: ", ") + ")"
        }
        return corner(sample.minimum) + " to " + corner(sample.maximum)
    }

    private var clipHeadings: [String] {
        ["name", "start s", "duration s", "channels", "keys", "frames"]
    }

    private func row(_ clip: ClipSummary) -> [String] {
        [
            clip.name.isEmpty ? "-" : clip.name, decimal(clip.startSeconds),
            decimal(clip.durationSeconds), "\(clip.channelCount)", "\(clip.keyCount)",
            clip.sourceFrameCount.map { "\($0)" } ?? "-",
        ]
    }

    private func decimal(_ number: Double) -> String { String(format: "%.3f", number) }
}

/// Text in columns.
enum TextTable {
    /// Rows of cells, padded so that columns stand under each other. Columns from `numbersFrom`
    /// on are flush right.
    static func aligned(_ rows: [[String]], numbersFrom: Int = .max) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column >= numbersFrom ? padding + cell : cell + padding
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
