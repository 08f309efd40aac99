/// The numbers at the corners of a cell, the level taken off, and what trilinear interpolation
/// makes of them inside.
struct TrilinearCell {
    /// `[8]`, by corner.
    let f: SIMD8<Double>
    /// Bit c: corner c is below the level.
    let signs: Int

    /// The ambiguous faces where the region below the level is in one piece: the saddle of the
    /// bilinear function is below. The comparison of the two products is the same, bit by bit, in
    /// both cells at a face.
    func joinedFaces(among ambiguous: UInt8) -> UInt8 {
        var joined: UInt8 = 0
        for face in 0..<6 where ambiguous >> UInt8(face) & 1 != 0 {
            let c = CellGeometry.faces[face]
            let even = f[c[0]] * f[c[2]], odd = f[c[1]] * f[c[3]]
            let below = signs >> c[0] & 1 != 0 ? even : odd
            let above = signs >> c[0] & 1 != 0 ? odd : even
            if below > above { joined |= 1 << UInt8(face) }
        }
        return joined
    }

    /// For each loop on the border, the smallest loop that the surface inside joins it with.
    ///
    /// The cell is swept along z. In a slice the function is bilinear and the surface one or two
    /// arcs; they change only where a number at one of the four z-edges passes the level, or where
    /// the slice's saddle does (a quadratic in z). One slice between each two such places therefore
    /// shows all arcs there are, and an arc joins the loops on which it ends.
    func joinedLoops(_ entry: CellTable.Entry) -> [Int] {
        var parent = Array(entry.loops.indices)
        func root(_ i: Int) -> Int { parent[i] == i ? i : root(parent[i]) }
        var places = [0.0, 1.0]
        for k in 0..<4 {
            let (low, high) = (f[Self.around[k]], f[Self.around[k] + 4])
            let t = low / (low - high)
            if t > 0, t < 1 { places.append(t) }
        }
        places += saddlePlaces()
        places.sort()
        for (a, b) in zip(places, places.dropFirst()) where b > a {
            for (i, j) in arcs(at: (a + b) / 2) {
                let x = root(loop(side: i, at: (a + b) / 2, entry))
                let y = root(loop(side: j, at: (a + b) / 2, entry))
                parent[max(x, y)] = min(x, y)
            }
        }
        return parent.indices.map { root($0) }
    }

    /// The lower corners of the four z-edges, around the slice.
    private static let around = [0, 1, 3, 2]

    /// The number at corner k of the slice at z.
    private func corner(_ k: Int, _ z: Double) -> Double {
        let c = Self.around[k & 3]
        return f[c] + (f[c + 4] - f[c]) * z
    }

    /// Where in 0...1 the slice's saddle is at the level: roots of g₀g₂ − g₁g₃.
    private func saddlePlaces() -> [Double] {
        func line(_ k: Int) -> (Double, Double) {
            let c = Self.around[k]
            return (f[c], f[c + 4] - f[c])
        }
        let (a, b, c, d) = (line(0), line(1), line(2), line(3))
        let q2 = a.1 * c.1 - b.1 * d.1
        let q1 = a.0 * c.1 + a.1 * c.0 - b.0 * d.1 - b.1 * d.0
        let q0 = a.0 * c.0 - b.0 * d.0
        let discriminant = q1 * q1 - 4 * q2 * q0
        guard discriminant >= 0 else { return [] }
        // The form without cancellation.
        let s = -(q1 + (q1 < 0 ? -1 : 1) * discriminant.squareRoot()) / 2
        return [s / q2, q0 / s].filter { $0 > 0 && $0 < 1 }
    }

    /// Pairs of slice sides (side k between corners k and k + 1) that an arc joins at z.
    private func arcs(at z: Double) -> [(Int, Int)] {
        let g = (0..<4).map { corner($0, z) }
        let below = g.map { $0 < 0 }
        let crossed = (0..<4).filter { below[$0] != below[($0 + 1) % 4] }
        if crossed.count == 2 { return [(crossed[0], crossed[1])] }
        guard crossed.count == 4 else { return [] }
        let even = g[0] * g[2], odd = g[1] * g[3]
        // Joined below the level: the arcs cut off the corners above it.
        let isJoined = below[0] ? even > odd : odd > even
        let cutsEven = below[0] != isJoined
        return cutsEven ? [(3, 0), (1, 2)] : [(0, 1), (2, 3)]
    }

    /// The loop that passes side k of the slice at z.
    private func loop(side k: Int, at z: Double, _ entry: CellTable.Entry) -> Int {
        let a = Self.around[k], b = Self.around[(k + 1) & 3]
        let low = entry.loopOfEdge[CellGeometry.edge(a, b)]
        let high = entry.loopOfEdge[CellGeometry.edge(a + 4, b + 4)]
        let sides = (8 + a, 8 + b)
        let crossed = (entry.loopOfEdge[sides.0], entry.loopOfEdge[sides.1])
        if low != 255, high != 255, crossed.0 != 255 {
            // Two segments on this face: the lower one ends where the first z-edge is passed.
            func place(_ c: Int) -> Double { f[c] / (f[c] - f[c + 4]) }
            return Int(z < (place(a) + place(b)) / 2 ? low : high)
        }
        for loop in [low, high, crossed.0, crossed.1] where loop != 255 { return Int(loop) }
        return 0
    }

    /// The number at a place in the cell, 0...1 along each axis.
    func value(_ p: SIMD3<Double>) -> Double {
        let x0 = f.evenHalf + (f.oddHalf - f.evenHalf) * p.x
        let y0 = x0.evenHalf + (x0.oddHalf - x0.evenHalf) * p.y
        return y0[0] + (y0[1] - y0[0]) * p.z
    }

    /// The gradient at a place in the cell.
    private func gradient(_ p: SIMD3<Double>) -> SIMD3<Double> {
        let dx = f.oddHalf - f.evenHalf
        let x0 = f.evenHalf + dx * p.x
        let dy = x0.oddHalf - x0.evenHalf
        let y0 = x0.evenHalf + dy * p.y
        let dxy = dx.evenHalf + (dx.oddHalf - dx.evenHalf) * p.y
        return SIMD3(
            dxy[0] + (dxy[1] - dxy[0]) * p.z, dy[0] + (dy[1] - dy[0]) * p.z, y0[1] - y0[0])
    }

    /// A place on the surface near `p`, by Newton's method along the gradient, kept off the cell's
    /// border; `p` itself (kept off the border) where that does not come closer.
    func projected(_ p: SIMD3<Double>) -> SIMD3<Double> {
        let margin = SIMD3(repeating: 0.02)
        let start = p.clamped(lowerBound: margin, upperBound: 1 - margin)
        var q = start
        for _ in 0..<8 {
            let g = gradient(q)
            let squared = dot(g, g)
            guard squared > 0 else { break }
            q = (q - g * (value(q) / squared)).clamped(
                lowerBound: margin, upperBound: 1 - margin)
        }
        return abs(value(q)) < abs(value(start)) ? q : start
    }
}
