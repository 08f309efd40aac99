import TestSupport

/// Small models in formats that assimp reads as text and does not write.
enum TextSeeds {
    static let files: [(name: String, text: String)] = [
        (
            "tetrahedron.off",
            "OFF\n4 4 6\n0 0 0\n1 0 0\n0 1 0\n0 0 1\n3 0 2 1\n3 0 1 3\n3 1 2 3\n3 0 3 2\n"
        ),
        (
            "triangle.ac",
            """
            AC3Db
            MATERIAL "red" rgb 1 0 0  amb 0.2 0.2 0.2  emis 0 0 0  spec 0.5 0.5 0.5  shi 10  trans 0
            OBJECT world
            kids 1
            OBJECT poly
            name "triangle"
            loc 1 2 3
            numvert 3
            0 0 0
            1 0 0
            0 1 0
            numsurf 1
            SURF 0x20
            mat 0
            refs 3
            0 0 0
            1 1 0
            2 0 1
            kids 0

            """
        ),
        (
            "bones.smd",
            """
            version 1
            nodes
            0 "root" -1
            1 "arm" 0
            end
            skeleton
            time 0
            0 0 0 0 0 0 0
            1 0 0 1 0 0 0
            time 1
            0 0 0 0 0 0 0.5
            1 0 0 1 0.5 0 0
            end
            triangles
            skin.bmp
            0 0 0 0 0 0 1 0 0 1 0 1
            0 1 0 0 0 0 1 1 0 1 0 1
            0 0 1 0 0 0 1 0 1 2 0 0.5 1 0.5
            end

            """
        ),
        (
            "ball.nff",
            """
            v
            from 0 0 5
            at 0 0 0
            up 0 1 0
            angle 40
            hither 1
            resolution 64 64
            b 0 0 0
            l 4 3 2
            f 1 0.75 0.33 0.8 0.2 10 0 0
            s 0 0 0 0.5
            c 0 0 0 0.5 0 1 0 0.2
            p 3
            0 0 0
            1 0 0
            0 1 0

            """
        ),
        (
            "face.dxf",
            """
            0
            SECTION
            2
            ENTITIES
            0
            3DFACE
            8
            0
            10
            0.0
            20
            0.0
            30
            0.0
            11
            1.0
            21
            0.0
            31
            0.0
            12
            0.0
            22
            1.0
            32
            0.0
            13
            0.0
            23
            1.0
            33
            0.0
            0
            ENDSEC
            0
            EOF

            """
        ),
        (
            "arm.md5mesh", MD5Sample.mesh
        ),
    ]
}
