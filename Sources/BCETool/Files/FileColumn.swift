// SPDX-License-Identifier: Apache-2.0

import CrossEntropy

/// The values that an argument of the tool refers to (FILE.npy, FILE.csv or FILE.csv:COLUMN), read one range at a time.
struct FileColumn {
    /// The argument as the user wrote it, for messages.
    let argument: String
    let role: FileRole
    let shape: [Int]
    /// Nil for standard input.
    let file: InputFile?
    private let contents: Contents

    private enum Contents {
        case npy(NPYElements)
        /// Text has to be read completely to determine its shape.
        case csv(SpooledColumn, CSVPlan)
    }

    var count: Int { shape.reduce(1, *) }

    /// The file, for messages.
    var path: FilePath { file?.path ?? FilePath.standardInput }

    /// The type in which the elements are read; f8 for a .csv file.
    var type: ElementType {
        switch contents {
        case .npy(let elements): elements.type
        case .csv: .f8
        }
    }

    /// The type in which predictions are computed with.
    var scalar: any FilePrediction.Type {
        switch type {
        case .f2: Float16.self
        case .f4: Float.self
        default: Double.self
        }
    }

    init(_ argument: String, _ role: FileRole, _ csv: CSVOptions) throws {
        let name = FileArgument(argument)
        try name.path.checkKind()
        let file = try InputFile(name.path)
        self.role = role
        self.argument = name.description
        self.file = file
        if name.isText {
            let scan = try CSVScan(file, csv.dialect(of: name.path))
            let column = CSVNumberColumn(
                index: try scan.header.index(of: name.column), role: role,
                emptyCell: role == .targets ? csv.emptyTarget : nil)
            let plan = CSVPlan(
                dialect: scan.header.dialect, columns: scan.header.count, numbers: [column], key: nil)
            let spooled = try SpooledColumns(scan, plan, csv.threads)
            shape = [spooled.count]
            contents = .csv(spooled.columns[0], plan)
        } else {
            let header = try NPYHeader(file)
            shape = header.shape
            contents = .npy(try NPYElements(file, header, role))
        }
    }

    /// A column of a .csv file that has been read.
    init(
        _ argument: String, _ role: FileRole, file: InputFile?, _ numbers: SpooledColumn, count: Int,
        _ plan: CSVPlan
    ) {
        self.argument = argument
        self.role = role
        self.file = file
        shape = [count]
        contents = .csv(numbers, plan)
    }

    /// Reads the elements of `range`, in this column's type and this machine's byte order.
    func read(_ range: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws {
        switch contents {
        case .npy(let elements): try unsafe elements.read(range, into: bytes)
        case .csv(let numbers, _): try unsafe numbers.read(range, into: bytes)
        }
    }

    /// The error for a value outside its domain, with its place in a .csv file.
    func error(_ domain: Domain, _ index: Int, _ value: Double) -> ToolError {
        let error = domain.error(index, value)
        guard case .csv(_, let plan) = contents, let file,
            let place = try? CSVScan(file, plan.dialect).place(ofRow: index, plan)
        else { return error }
        return ToolError("\(error) (\(place))")
    }

    /// Fails if the file was written to while its elements were read. Text has already been read completely.
    func checkUnchanged() throws {
        if case .npy = contents { try file?.checkUnchanged() }
    }
}
