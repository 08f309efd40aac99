/// What a module holds, with names.
enum Member {
    case parameter(Parameter)
    case buffer(Buffer)
    case module(Module)
}

extension Module {
    /// Everything that learns, here and below, in the order of declaration. A parameter that two
    /// modules share comes once, by its first name.
    public final func namedParameters() -> [(name: String, parameter: Parameter)] {
        var seen: Set<ObjectIdentifier> = []
        var result: [(String, Parameter)] = []
        visit("", []) { name, member in
            if case .parameter(let parameter) = member,
                seen.insert(ObjectIdentifier(parameter)).inserted
            {
                result.append((name, parameter))
            }
        }
        return result
    }

    /// Everything that learns, here and below.
    public final func parameters() -> [Parameter] { namedParameters().map(\.parameter) }

    /// Everything that is held and does not learn, here and below.
    public final func namedBuffers() -> [(name: String, buffer: Buffer)] {
        var seen: Set<ObjectIdentifier> = []
        var result: [(String, Buffer)] = []
        visit("", []) { name, member in
            if case .buffer(let buffer) = member, seen.insert(ObjectIdentifier(buffer)).inserted {
                result.append((name, buffer))
            }
        }
        return result
    }

    /// All modules below this one.
    public final func submodules() -> [(name: String, module: Module)] {
        var result: [(String, Module)] = []
        visit("", []) { name, member in
            if case .module(let module) = member { result.append((name, module)) }
        }
        return result
    }

    /// How many numbers learn.
    public final var parameterCount: Int { parameters().reduce(0) { $0 + $1.count } }

    /// - Parameter above: the modules that this one is part of; a reference back to one of them is
    ///   no part.
    private final func visit(
        _ prefix: String, _ above: Set<ObjectIdentifier>, _ body: (String, Member) -> Void
    ) {
        let above = above.union([ObjectIdentifier(self)])
        var mirrors: [Mirror] = []
        var mirror: Mirror? = Mirror(reflecting: self)
        while let current = mirror, current.subjectType != Module.self {
            mirrors.append(current)
            mirror = current.superclassMirror
        }
        for mirror in mirrors.reversed() {
            for child in mirror.children {
                guard let label = child.label else { continue }
                // Lazy properties and wrappers store under names of the compiler's making.
                let name = label.drop { $0 == "_" || $0 == "$" }
                Module.visit(child.value, prefix + name, above, body)
            }
        }
    }

    private static func visit(
        _ value: Any, _ name: String, _ above: Set<ObjectIdentifier>,
        _ body: (String, Member) -> Void
    ) {
        switch value {
        case let parameter as Parameter: body(name, .parameter(parameter))
        case let buffer as Buffer: body(name, .buffer(buffer))
        case let module as Module:
            guard !above.contains(ObjectIdentifier(module)) else { return }
            body(name, .module(module))
            module.visit(name + ".", above, body)
        default: visitParts(of: value, name, above, body)
        }
    }

    /// Looks into optionals, arrays, dictionaries and tuples.
    private static func visitParts(
        of value: Any, _ name: String, _ above: Set<ObjectIdentifier>,
        _ body: (String, Member) -> Void
    ) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            if let wrapped = mirror.children.first { visit(wrapped.value, name, above, body) }
        case .collection:
            // A large array of numbers is passed over by its first element.
            guard let first = mirror.children.first, mayHoldMembers(first.value) else { return }
            for (place, child) in mirror.children.enumerated() {
                visit(child.value, "\(name).\(place)", above, body)
            }
        case .dictionary:
            var entries: [(String, Any)] = []
            for child in mirror.children {
                let parts = Array(Mirror(reflecting: child.value).children)
                guard parts.count == 2, mayHoldMembers(parts[1].value) else { return }
                entries.append(("\(parts[0].value)", parts[1].value))
            }
            for (key, value) in entries.sorted(by: { $0.0 < $1.0 }) {
                visit(value, "\(name).\(key)", above, body)
            }
        case .tuple:
            for (place, child) in mirror.children.enumerated() {
                let label = child.label.map { $0.hasPrefix(".") ? "\(place)" : $0 }
                visit(child.value, "\(name).\(label ?? "\(place)")", above, body)
            }
        default: break
        }
    }

    private static func mayHoldMembers(_ value: Any) -> Bool {
        if value is Module || value is Parameter || value is Buffer { return true }
        switch Mirror(reflecting: value).displayStyle {
        case .optional, .collection, .dictionary, .tuple: return true
        default: return false
        }
    }
}
