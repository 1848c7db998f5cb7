// SPDX-License-Identifier: Apache-2.0

/// The values that an argument of the tool refers to (FILE.npy, FILE.csv or FILE.csv:COLUMN), read one range at a time.
struct FileColumn {
    /// The argument as the user wrote it, for messages.
    let argument: String
    let role: FileRole
    let shape: [Int]
    let file: InputFile
    private let contents: Contents

    private enum Contents {
        case npy(NPYElements)
        /// Text has to be read completely to determine its shape.
        case csv(CSVColumn)
    }

    var count: Int { shape.reduce(1, *) }

    /// The type in which the elements are read; f8 for a .csv file.
    var type: ElementType {
        switch contents {
        case .npy(let elements): elements.type
        case .csv: .f8
        }
    }

    init(_ argument: String, _ role: FileRole, _ csv: CSVOptions) throws {
        let name = FileArgument(argument)
        self.role = role
        self.argument = name.description
        file = try InputFile(name.path)
        if name.isCSV {
            let numbers = try CSVColumn(file, column: name.column, csv)
            shape = [numbers.count]
            contents = .csv(numbers)
        } else {
            let header = try NPYHeader(file)
            shape = header.shape
            contents = .npy(try NPYElements(file, header, role))
        }
    }

    /// Reads the elements of `range`, in this column's type and this machine's byte order.
    func read(_ range: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws {
        switch contents {
        case .npy(let elements): try unsafe elements.read(range, into: bytes)
        case .csv(let numbers): unsafe numbers.copy(range, into: bytes)
        }
    }

    /// Fails if the file was written to while its elements were read. Text has already been read completely.
    func checkUnchanged() throws {
        if case .npy = contents { try file.checkUnchanged() }
    }
}

/// The parts of an argument FILE.npy, FILE.csv or FILE.csv:COLUMN.
struct FileArgument: CustomStringConvertible {
    let path: FilePath
    let isCSV: Bool
    let column: [UInt8]?

    init(_ argument: String) {
        let bytes = argument.argumentBytes()
        let suffix = Array(".csv".utf8)
        func endsInSuffix(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
            bytes.suffix(suffix.count).elementsEqual(suffix)
        }
        let colons = bytes.indices.lazy.filter { bytes[$0] == UInt8(ascii: ":") }
        guard !endsInSuffix(bytes), let end = colons.last(where: { endsInSuffix(bytes[..<$0]) }) else {
            (path, isCSV, column) = (FilePath(bytes), endsInSuffix(bytes), nil)
            return
        }
        (path, isCSV, column) = (FilePath(bytes[..<end]), true, Array(bytes[(end + 1)...]))
    }

    var description: String { "\(path)" + (column.map { ":\($0.excerpt)" } ?? "") }
}
