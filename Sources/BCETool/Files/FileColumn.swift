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
        if let (path, column) = Self.csv(argument) {
            let numbers = try CSVColumn.read(MappedFile(path), column: column, emptyCell: emptyCell)
            shape = [numbers.count]
            values = try Contents(column: numbers)
        } else {
            let file = try MappedFile(argument)
            let header = try NPYHeader(file)
            shape = header.shape
            values = try Contents(NPYElements(file, header))
        }
    }

    private static func csv(_ argument: String) -> (path: String, column: String?)? {
        if argument.hasSuffix(".csv") { return (argument, nil) }
        guard let separator = argument.range(of: ".csv:", options: .backwards) else { return nil }
        return (String(argument[..<separator.lowerBound]) + ".csv", String(argument[separator.upperBound...]))
    }
}
