import ArgumentParser

/// A number of bytes as an option takes it: `512M`, `16G`, `100000`.
struct ByteCount: ExpressibleByArgument, CustomStringConvertible {
    let bytes: Int

    init(_ bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        let unit = argument.last.flatMap { units[Character($0.uppercased())] }
        guard let number = Double(unit == nil ? argument : String(argument.dropLast())) else {
            return nil
        }
        let bytes = number * Double(unit ?? 1)
        guard bytes >= 0, bytes < 0x1p62 else { return nil }
        self.bytes = Int(bytes)
    }

    /// In the largest unit that divides it.
    var description: String {
        for (shift, unit) in [(40, "T"), (30, "G"), (20, "M"), (10, "K")] {
            let scale = 1 << shift
            if bytes > 0, bytes % scale == 0 { return "\(bytes / scale)\(unit)" }
        }
        return String(bytes)
    }

    var defaultValueDescription: String { description }
}
