import Imaging

extension Sculpture {
    /// The body as a shape with its texture, for parts that move as one piece.
    func painted(
        cell: Float, resolution: Int, _ color: (Vector3, Vector3) -> Paint
    ) -> (shape: Shape, image: Image) {
        let mesh = meshed(cell: cell)
        let atlas = Atlas(mesh, resolution: resolution)
        return (atlas.shape(of: mesh), atlas.painted(mesh, color))
    }
}
