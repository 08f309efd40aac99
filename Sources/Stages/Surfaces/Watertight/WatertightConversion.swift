import Geometry

/// Turns any mesh into a closed, oriented 2-manifold that follows its outside.
///
/// # What is inside
///
/// A node of the grid is inside where the generalised winding number exceeds 1/2 (and, where open
/// surfaces lie behind each other and their numbers add up, half of all directions meet
/// something), or where water from the border of the grid cannot come: it does not pass nodes
/// within half a spacing of the surface, which no path along the axes through a surface avoids. The
/// first closes holes of any size by their natural lid and heeds orientation; the second fills what is closed in whichever
/// direction its triangles face, seals gaps narrower than a spacing, and removes whatever lies
/// inside. Before, triangles are made to agree with their neighbours
/// (``TriangleMesh/consistentlyOriented()``). A part of the surface behind which nothing is inside is a sheet: it is given a thickness
/// of 0.9 spacings on either side.
///
/// # Why not otherwise
///
/// - An offset surface of the unsigned distance, flooded from outside (Step1X-3D marches at a level
///   of one spacing after labelling cells by visibility from fifty views): grows every solid by the
///   offset, 2.5 % of a cube's volume at 256³; here only sheets are offset.
/// - The winding number alone: sheets vanish, inner surfaces turned inside out stay, and parts
///   turned inside out count as holes.
/// - Flooding alone: water gets in through any hole wider than a spacing.
///
/// The result is 2-manifold by construction, whatever the input: it is a surface of marching cubes
/// between nodes that are labelled inside or outside.
public enum WatertightConversion {
    /// The watertight surface of a mesh.
    ///
    /// - Parameters:
    ///   - mesh: any triangles; those with corners that are no finite points are passed over.
    ///   - settings: the grid.
    /// - Throws: ``SurfacesError`` where the mesh has no triangle or no extent.
    /// - Complexity: about O(*F* log *F*) for the trees and O(*r*²) searches near the surface.
    public static func convert(
        _ mesh: TriangleMesh, _ settings: WatertightSettings = WatertightSettings()
    ) throws(SurfacesError) -> TriangleMesh {
        try convert(WatertightSource(mesh), settings)
    }

    /// The watertight surface of a mesh whose trees are there already.
    public static func convert(
        _ source: WatertightSource, _ settings: WatertightSettings = WatertightSettings()
    ) throws(SurfacesError) -> TriangleMesh {
        let bounds = source.winding.bvh.bounds
        guard !bounds.isEmpty else { throw .noTriangles }
        guard bounds.longestSide > 0, bounds.longestSide.isFinite else { throw .noExtent }
        guard WatertightSettings.resolutions.contains(settings.resolution) else {
            throw .resolution(settings.resolution)
        }
        var grid = WatertightGrid(source, bounds, resolution: settings.resolution)
        grid.measureDistances()
        grid.measureWinding()
        grid.labelInside()
        grid.thickenSheets()
        grid.fillPockets()
        return grid.surface()
    }
}

/// How a watertight surface is made.
public struct WatertightSettings: Sendable, Equatable {
    /// Resolutions that are accepted.
    public static let resolutions = 16...2048
    /// Cells of the grid along the longest side, a margin of four on both ends included.
    public var resolution: Int

    /// By default 256 cells, as Step1X-3D and with it ShapeGen4D have.
    public init(resolution: Int = 256) { self.resolution = resolution }
}

/// A mesh and the trees that a conversion, and what is sampled afterwards, ask.
public struct WatertightSource: Sendable {
    /// Winding numbers, and within them boxes and triangles.
    public let winding: WindingTree
    /// The edges around holes: without any, the winding number is a whole number everywhere off the
    /// surface.
    let borders: [SIMD2<UInt32>]

    /// Builds the trees of a mesh, whose triangles are made to agree with their neighbours about
    /// which side is outside. O(*F* log *F*).
    public init(_ mesh: TriangleMesh) {
        let oriented = mesh.consistentlyOriented()
        winding = WindingTree(TriangleBVH(oriented))
        borders = oriented.unbalancedEdges()
    }
}

/// Why a surface could not be made.
public enum SurfacesError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The mesh has no triangle with finite corners.
    case noTriangles
    /// All points of the mesh are at one place, or too far apart for single precision.
    case noExtent
    /// The resolution is outside what is accepted.
    case resolution(Int)
    /// The surface has no area to draw points from.
    case noArea
    /// More points were asked for than there are to choose from.
    case tooFewPoints(wanted: Int, found: Int)

    /// What went wrong and what to do.
    public var description: String {
        switch self {
        case .noTriangles:
            "the mesh has no triangle with finite corners: there is no surface to convert; "
                + "reject the asset"
        case .noExtent:
            "all points of the mesh are at one place, or farther apart than single precision "
                + "holds: normalise it first, or reject the asset"
        case .resolution(let resolution):
            "a resolution of \(resolution) is not between "
                + "\(WatertightSettings.resolutions.lowerBound) and "
                + "\(WatertightSettings.resolutions.upperBound): choose one that is"
        case .noArea:
            "the surface has no area to draw points from: reject the asset"
        case .tooFewPoints(let wanted, let found):
            "\(wanted) points were asked for and only \(found) are to be had: ask for fewer, or "
                + "draw a denser sample"
        }
    }
}
