/// The measures as pure functions of videos and meshes. Each names in its description what it is
/// called in rules.
public enum Measures {}
