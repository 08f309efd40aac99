/// A character of id's MD5 format, which assimp reads but does not write.
public enum MD5Sample {
    /// Two joints: a root at (1, 0, 0), and an arm 5 above it that is turned by 90 degrees about z.
    /// id's files leave out a rotation's w, which is the negative root.
    public static let mesh = """
        MD5Version 10
        commandline ""
        numJoints 2
        numMeshes 1
        joints {
        "root" -1 ( 1 0 0 ) ( 0 0 0 )
        "arm" 0 ( 1 0 5 ) ( 0 0 -0.70710678 )
        }
        mesh {
        shader "skin"
        numverts 3
        vert 0 ( 0 0 ) 0 1
        vert 1 ( 1 0.25 ) 1 1
        vert 2 ( 0 1 ) 2 2
        numtris 1
        tri 0 0 1 2
        numweights 4
        weight 0 0 1 ( 0 1 0 )
        weight 1 1 1 ( 2 0 0 )
        weight 2 0 0.25 ( 0 0 4 )
        weight 3 1 0.75 ( 0 0 1 )
        }

        """
}
