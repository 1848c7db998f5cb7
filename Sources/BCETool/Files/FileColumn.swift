import Foundation

/// The values that an argument of the tool names: FILE.npy, FILE.csv or FILE.csv:COLUMN.
struct FileColumn<Contents: FileValues> {
    /// As the user wrote it.
    let argument: String
    let values: Contents
    let shape: [Int]

    var count: Int { shape.reduce(1, *) }

    /// - Parameter emptyCell: what a cell without text means in a .csv file; nil where it is an error.
    init(_ argument: String, emptyCell: Double? = nil) throws {
        self.argument = argument
        let name = FileArgument(argument)
        if name.isCSV {
            let numbers = try CSVColumn.read(
                MappedFile(name.path), column: name.column, emptyCell: emptyCell)
            shape = [numbers.count]
            values = try Contents(column: numbers)
        } else {
            let file = try MappedFile(name.path)
            let header = try NPYHeader(file)
            shape = header.shape
            values = try Contents(NPYElements(file, header))
        }
    }
}

/// FILE.npy, FILE.csv or FILE.csv:COLUMN, taken apart.
struct FileArgument {
    let path: FilePath
    let isCSV: Bool
    let column: String?

    init(_ argument: String) {
        let separator = argument.range(of: ".csv:", options: .backwards)
        isCSV = argument.hasSuffix(".csv") || separator != nil
        guard let separator, !argument.hasSuffix(".csv") else {
            (path, column) = (FilePath(argument: argument), nil)
            return
        }
        path = FilePath(argument: argument[..<separator.lowerBound] + ".csv")
        column = String(decoding: String(argument[separator.upperBound...]).argumentBytes(), as: UTF8.self)
    }
}
