/// Many small videos on one picture: an entry a line, its frames side by side, with a heading and
/// a remark, as kept and rejected assets are looked through.
public struct ContactSheet: Sendable {
    /// One video with its words.
    public struct Entry: Sendable {
        /// Shown above the frames in the text colour: the asset's name.
        public var heading: String
        /// Shown below the heading in the remark colour: why the asset was rejected. May be empty.
        public var remark: String
        /// The pictures to show, in order; of any sizes, possibly none.
        public var frames: [Image]

        /// A video with its words.
        public init(heading: String, remark: String = "", frames: [Image]) {
            self.heading = heading
            self.remark = remark
            self.frames = frames
        }
    }

    /// What transparent pixels of a frame show.
    public enum Ground: Sendable, Equatable {
        /// One colour.
        case plain(SIMD3<UInt8>)
        /// Squares of two colours, `side` pixels long.
        case checker(SIMD3<UInt8>, SIMD3<UInt8>, side: Int)

        /// Two light greys.
        public static let greyChecker = Ground.checker(
            SIMD3(repeating: 204), SIMD3(repeating: 178), side: 8)
    }

    /// Frames of an entry that are shown; from longer videos as many are picked, evenly, from the
    /// first frame on.
    public var columns: Int
    /// Pixels along a side of the square that a frame is fitted into.
    public var cellSize: Int
    /// Entries side by side before a new line begins.
    public var entriesAcross: Int
    /// Behind the frames.
    public var ground: Ground
    /// Behind everything else.
    public var paper = SIMD3<UInt8>(repeating: 32)
    /// The colour of title and headings.
    public var textColor = SIMD3<UInt8>(repeating: 236)
    /// The colour of remarks.
    public var remarkColor = SIMD3<UInt8>(240, 170, 90)

    /// A sheet of the given layout.
    public init(
        columns: Int = 8, cellSize: Int = 96, entriesAcross: Int = 1,
        ground: Ground = .greyChecker
    ) {
        precondition(columns > 0 && cellSize > 0 && entriesAcross > 0, "a sheet has room")
        self.columns = columns
        self.cellSize = cellSize
        self.entriesAcross = entriesAcross
        self.ground = ground
    }

    private var margin: Int { 8 }
    private var lineHeight: Int { BitmapFont.glyphHeight + 4 }
    private var remarkLines: Int { 2 }
    private var entryWidth: Int { columns * (cellSize + 2) - 2 }
    private var entryHeight: Int { (1 + remarkLines) * lineHeight + cellSize + 2 * margin }
    private var titleHeight: Int { 2 * BitmapFont.glyphHeight + 2 * margin }

    /// The sheet of all `entries` under `title`.
    public func composed(title: String, entries: [Entry]) -> Image {
        let lines = (entries.count + entriesAcross - 1) / entriesAcross
        let width = entriesAcross * (entryWidth + 2 * margin)
        var sheet = Image(width: width, height: titleHeight + lines * entryHeight)
        sheet.fill(paper, columns: 0..<sheet.width, rows: 0..<sheet.height)
        sheet.write(
            shortened(title, to: (width - 2 * margin) / 2), x: margin, y: margin,
            color: textColor, scale: 2)
        for (i, entry) in entries.enumerated() {
            let x = margin + i % entriesAcross * (entryWidth + 2 * margin)
            let y = titleHeight + i / entriesAcross * entryHeight
            draw(entry, on: &sheet, x: x, y: y)
        }
        return sheet
    }

    private func draw(_ entry: Entry, on sheet: inout Image, x: Int, y: Int) {
        sheet.write(shortened(entry.heading, to: entryWidth), x: x, y: y, color: textColor)
        for (i, line) in wrapped(entry.remark).enumerated() {
            sheet.write(line, x: x, y: y + (1 + i) * lineHeight, color: remarkColor)
        }
        let top = y + (1 + remarkLines) * lineHeight
        for (i, frame) in picked(entry.frames).enumerated() {
            let left = x + i * (cellSize + 2)
            drawGround(on: &sheet, x: left, y: top)
            let small = fitted(frame)
            sheet.draw(
                small, x: left + (cellSize - small.width) / 2,
                y: top + (cellSize - small.height) / 2)
        }
    }

    private func picked(_ frames: [Image]) -> [Image] {
        guard frames.count > columns else { return frames }
        return (0..<columns).map { frames[$0 * frames.count / columns] }
    }

    /// The frame, shrunk where it is larger than a cell.
    private func fitted(_ frame: Image) -> Image {
        let longest = max(frame.width, frame.height)
        guard longest > cellSize else { return frame }
        return frame.resized(
            width: max(1, frame.width * cellSize / longest),
            height: max(1, frame.height * cellSize / longest))
    }

    private func drawGround(on sheet: inout Image, x: Int, y: Int) {
        switch ground {
        case .plain(let color):
            sheet.fill(color, columns: x..<x + cellSize, rows: y..<y + cellSize)
        case .checker(let first, let second, let side):
            for row in 0..<cellSize {
                for column in 0..<cellSize {
                    let isFirst = (row / max(side, 1) + column / max(side, 1)) % 2 == 0
                    sheet[x + column, y + row] = SIMD4(isFirst ? first : second, 255)
                }
            }
        }
    }

    private func shortened(_ text: String, to pixels: Int) -> String {
        let room = max(1, pixels / BitmapFont.advance)
        guard text.count > room else { return text }
        return room > 3 ? text.prefix(room - 3) + "..." : String(text.prefix(room))
    }

    /// The remark in at most as many lines as there is room for, broken at spaces where possible.
    private func wrapped(_ text: String) -> [String] {
        let room = max(1, entryWidth / BitmapFont.advance)
        var lines: [String] = []
        var rest = Substring(text)
        while !rest.isEmpty, lines.count < remarkLines {
            if rest.count <= room || lines.count == remarkLines - 1 {
                lines.append(shortened(String(rest), to: entryWidth))
                break
            }
            let line = rest.prefix(room)
            let end = rest.dropFirst(room).first == " " ? line.endIndex : line.lastIndex(of: " ")
            let cut = end.flatMap { $0 > rest.startIndex ? $0 : nil } ?? line.endIndex
            lines.append(String(rest[..<cut]))
            rest = rest[cut...].drop { $0 == " " }
        }
        return lines
    }
}
