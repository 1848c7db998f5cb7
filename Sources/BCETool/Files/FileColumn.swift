/// The values that an argument of the tool names, FILE.npy, FILE.csv or FILE.csv:COLUMN: read a range at a time.
struct FileColumn {
    /// As the user wrote it, for messages.
    let argument: String
    let role: FileRole
    let shape: [Int]
    let file: InputFile
    private let contents: Contents

    private enum Contents {
        case npy(NPYElements)
        /// Text has to be read as a whole to know its shape.
        case csv(CSVColumn)
    }

    var count: Int { shape.reduce(1, *) }

    /// As the elements are read: a .csv file's are f8.
    var type: ElementType {
        switch contents {
        case .npy(let elements): elements.type
        case .csv: .f8
        }
    }

    init(_ argument: String, _ role: FileRole, _ csv: CSVOptions) throws {
        self.role = role
        if let (path, column) = Self.csv(argument.argumentBytes()) {
            file = try InputFile(path)
            self.argument = "\(path)" + (column.map { ":\($0.excerpt)" } ?? "")
            let numbers = try CSVColumn(file, column: column, csv)
            shape = [numbers.count]
            contents = .csv(numbers)
        } else {
            file = try InputFile(FilePath(argument: argument))
            self.argument = "\(file.path)"
            let header = try NPYHeader(file)
            shape = header.shape
            contents = .npy(try NPYElements(file, header, role))
        }
    }

    /// Reads the elements of `range`, of this column's type in this machine's byte order.
    func read(_ range: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws {
        switch contents {
        case .npy(let elements): try unsafe elements.read(range, into: bytes)
        case .csv(let numbers): unsafe numbers.copy(range, into: bytes)
        }
    }

    /// Finds that the file was written to while elements were read. Text was read before.
    func checkUnchanged() throws {
        if case .npy = contents { try file.checkUnchanged() }
    }

    /// The path and the column, if there is one, of FILE.csv or FILE.csv:COLUMN.
    private static func csv(_ bytes: [UInt8]) -> (path: FilePath, column: [UInt8]?)? {
        let suffix = Array(".csv".utf8)
        if bytes.suffix(suffix.count).elementsEqual(suffix) { return (FilePath(bytes), nil) }
        let ends = bytes.indices.dropFirst(suffix.count).filter { bytes[$0] == UInt8(ascii: ":") }
        guard let end = ends.last(where: { bytes[..<$0].suffix(suffix.count).elementsEqual(suffix) }) else {
            return nil
        }
        return (FilePath(Array(bytes[..<end])), Array(bytes[(end + 1)...]))
    }
}
