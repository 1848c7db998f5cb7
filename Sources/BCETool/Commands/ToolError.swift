/// What the tool cannot do, said in one sentence that names the file or the argument.
struct ToolError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension String {
    /// As much of a file's text as a message bears: a cell may hold a megabyte.
    var excerpt: String { count <= 40 ? self : prefix(40) + "..." }
}
