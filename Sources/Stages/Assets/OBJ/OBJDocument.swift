import Geometry

/// A Wavefront OBJ file as it stands: its polygons in order, with the vertices' own indices.
package struct OBJDocument: Sendable {
    /// One corner of a polygon.
    package struct Corner: Sendable, Hashable {
        /// Index into `positions`.
        package var position: Int32
        /// Index into `texcoords`, or -1.
        package var texcoord: Int32
        /// Index into `normals`, or -1.
        package var normal: Int32
    }

    /// `[V, 3]`, finite.
    package var positions = Vector3Array()
    /// `[V]` linear colours, or empty where not every vertex has one.
    package var colors: [SIMD4<Float>] = []
    /// UVs with v running up, as files of this kind have it.
    package var texcoords: [SIMD2<Float>] = []
    /// Normals of any length.
    package var normals = Vector3Array()
    /// The corners of all polygons, one polygon after the other; indices are checked.
    package var corners: [Corner] = []
    /// `[polygons + 1]`: the corners of polygon p are `starts[p] ..< starts[p + 1]`.
    package var starts: [Int32] = [0]
    /// `[polygons]`: index into `materialNames`.
    package var polygonMaterials: [Int32] = []
    /// The materials that polygons use, in order of use; the empty name where none is set.
    package var materialNames: [String] = []
    /// The material libraries that the file names.
    package var libraries: [String] = []
    /// What had to be worked around.
    package var warnings: [String] = []

    /// Polygons in the file.
    package var polygonCount: Int { polygonMaterials.count }

    /// The corners of polygon `p`.
    func corners(ofPolygon p: Int) -> Range<Int> { Int(starts[p])..<Int(starts[p + 1]) }
}
