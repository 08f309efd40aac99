import Foundation
import Geometry
import Imaging
import Rendering

/// Sequences of meshes in rows under each other, all seen from one place: ground truth above a
/// reconstruction, say.
public enum MeshSheet {
    /// How surfaces are shown.
    public enum Shading: String, Sendable, CaseIterable {
        /// Grey, lit from where the camera stands.
        case clay
        /// Camera-space normals: x to the right red, y up green, z to the viewer blue.
        case normals
    }

    /// Where the camera stands; it looks at the origin.
    public struct Place: Sendable, Equatable {
        /// 0 sees the front, 90 stands on +X.
        public var azimuthDegrees: Double
        /// Above the horizon.
        public var elevationDegrees: Double
        /// Metres from the origin.
        public var distance: Double
        /// The horizontal field of view.
        public var fieldOfViewDegrees: Double

        /// The front, with the lens and the distance of published renders, unless said otherwise: the
        /// unit box fills the picture.
        public init(
            azimuthDegrees: Double = 0, elevationDegrees: Double = 0,
            distance: Double = Camera.defaultDistance,
            fieldOfViewDegrees: Double = Camera.defaultFieldOfViewXDegrees
        ) {
            self.azimuthDegrees = azimuthDegrees
            self.elevationDegrees = elevationDegrees
            self.distance = distance
            self.fieldOfViewDegrees = fieldOfViewDegrees
        }

        func camera(size: Int) -> Camera {
            .orbiting(
                azimuthDegrees: azimuthDegrees, elevationDegrees: elevationDegrees,
                distance: distance, fieldOfViewXDegrees: fieldOfViewDegrees, width: size,
                height: size)
        }
    }

    /// The rows with their labels above them, under a title. A mesh without triangles is an empty
    /// cell that says so.
    ///
    /// - Parameters:
    ///   - title: may be empty.
    ///   - rows: each a label and meshes in the unit box, in order of time; any number.
    ///   - place: where all of them are seen from.
    ///   - shading: how surfaces are shown.
    ///   - columns: meshes of a row that are shown at most, picked evenly from the first on.
    ///   - cellSize: pixels a side of a picture.
    /// - Throws: `RenderingError` where the size is none that can be rendered.
    public static func picture(
        title: String = "", rows: [(label: String, meshes: [TriangleMesh])],
        from place: Place = Place(), shading: Shading = .clay, columns: Int = 8,
        cellSize: Int = 160
    ) throws -> Image {
        let camera = place.camera(size: cellSize)
        let entries = try rows.map { row in
            let shown = picked(row.meshes.count, columns: columns).map { row.meshes[$0] }
            return ContactSheet.Entry(
                heading: row.label,
                frames: try concurrentMap(shown.count) { i in
                    let picture = try Clay.pictures(of: shown[i], from: [camera], shading: shading)
                    return labelled(picture[0], isEmpty: shown[i].triangleCount == 0)
                })
        }
        return sheet(columns: entries.map(\.frames.count).max() ?? 1, cellSize: cellSize)
            .composed(title: title, entries: entries)
    }

    /// The frames of a row that are shown.
    static func picked(_ count: Int, columns: Int) -> [Int] {
        let shown = min(count, columns)
        return (0..<shown).map { $0 * count / shown }
    }

    /// White cells: clay and alpha read well on them.
    static func sheet(columns: Int, cellSize: Int) -> ContactSheet {
        ContactSheet(
            columns: max(1, columns), cellSize: cellSize,
            ground: .plain(SIMD3(repeating: 255)))
    }

    /// The picture, with a word where there is nothing to be seen.
    static func labelled(_ picture: Image, isEmpty: Bool) -> Image {
        guard isEmpty else { return picture }
        var picture = picture
        picture.write(
            "no surface", x: max(2, picture.width / 2 - 30), y: picture.height / 2 - 4,
            color: SIMD3(190, 60, 40))
        return picture
    }
}
